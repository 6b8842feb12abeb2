#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "tracery/kernel.h"
#include "tracery/v1/btf.pb.h"
#include "tracery/v1/registry_service.pb.h"

namespace tracery::detail {

/// An event as it is offered to a registry.
struct OfferedEvent {
  std::string name;
  std::uint32_t id;
  std::string layout_hash;
};

/// All events of a kernel.
std::vector<OfferedEvent> offered_events(const SeenKernel& kernel);

/// Their layouts, each once, in questions of a size that the registry takes.
std::vector<v1::FindMissingLayoutsRequest> missing_layouts_requests(const std::vector<OfferedEvent>& events);

/// Gives `sink` the events in messages of bounded size, with the texts of the missing layouts, each once, until it
/// returns false. Returns what it returned last.
bool send_events(const SeenKernel& kernel, const std::vector<OfferedEvent>& events, std::set<std::string> missing,
                 const std::function<bool(v1::EventFormats&&)>& sink);

/// The same with what a kernel's BTF says.
bool send_types(const v1::KernelTypes& types, const std::function<bool(v1::KernelTypes&&)>& sink);

}  // namespace tracery::detail
