#include "upload.h"

#include <utility>

#include "format_text.h"

namespace tracery::detail {
namespace {

/// Well below the 4 MiB at which servers refuse a message by default.
constexpr std::size_t chunk_bytes = 1U << 20U;
/// What FindMissingLayoutsRequest allows.
constexpr int max_hashes = 65'536;

/// A message that grows until it is full.
template <class Message>
class Chunk {
 public:
  using Sink = std::function<bool(Message&&)>;

  explicit Chunk(const Sink& sink) : sink_(sink) {}

  /// Makes room for a part; false if no more is wanted.
  bool make_room(std::size_t bytes) {
    bool wanted = true;
    if (size_ > 0 && size_ + bytes > chunk_bytes) {
      wanted = flush();
    }
    size_ += bytes + 8;
    return wanted;
  }

  bool flush() {
    const bool wanted = size_ == 0 || sink_(std::move(message));
    message.Clear();
    size_ = 0;
    return wanted;
  }

  Message message;

 private:
  const Sink& sink_;
  std::size_t size_ = 0;
};

}  // namespace

std::vector<OfferedEvent> offered_events(const SeenKernel& kernel) {
  std::vector<OfferedEvent> events;
  for (std::string& name : kernel.events()) {
    if (const auto text = kernel.format(name)) {
      events.push_back({std::move(name), format_id(*text), layout_hash(*text, kernel.identity())});
    }
  }
  return events;
}

std::vector<v1::FindMissingLayoutsRequest> missing_layouts_requests(const std::vector<OfferedEvent>& events) {
  std::vector<v1::FindMissingLayoutsRequest> requests(1);
  std::set<std::string_view> asked;
  for (const OfferedEvent& event : events) {
    if (asked.insert(event.layout_hash).second) {
      if (requests.back().layout_hashes_size() == max_hashes) {
        requests.emplace_back();
      }
      requests.back().add_layout_hashes(event.layout_hash);
    }
  }
  return requests;
}

bool send_events(const SeenKernel& kernel, const std::vector<OfferedEvent>& events, std::set<std::string> missing,
                 const std::function<bool(v1::EventFormats&&)>& sink) {
  Chunk<v1::EventFormats> chunk(sink);
  for (const OfferedEvent& event : events) {
    v1::EventFormat format;
    format.set_event(event.name);
    format.set_id(event.id);
    format.set_layout_hash(event.layout_hash);
    if (missing.erase(event.layout_hash) > 0) {
      format.set_text(kernel.format(event.name).value_or(""));
    }
    if (!chunk.make_room(format.ByteSizeLong())) {
      return false;
    }
    *chunk.message.add_events() = std::move(format);
  }
  return chunk.flush();
}

bool send_types(const v1::KernelTypes& types, const std::function<bool(v1::KernelTypes&&)>& sink) {
  Chunk<v1::KernelTypes> chunk(sink);
  for (const v1::Tracepoint& tracepoint : types.tracepoints()) {
    if (!chunk.make_room(tracepoint.ByteSizeLong())) {
      return false;
    }
    *chunk.message.add_tracepoints() = tracepoint;
  }
  for (const v1::EventStruct& structure : types.structs()) {
    if (!chunk.make_room(structure.ByteSizeLong())) {
      return false;
    }
    *chunk.message.add_structs() = structure;
  }
  return chunk.flush();
}

}  // namespace tracery::detail
