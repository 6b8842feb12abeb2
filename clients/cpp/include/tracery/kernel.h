#pragma once

#include <bit>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tracery/error.h"
#include "tracery/v1/kernel.pb.h"

namespace tracery {

/// Says which kernel it is.
///
/// release, build and machine are what `uname -r`, `-v` and `-m` print; `word_bits` is 32 or 64. Throws
/// std::invalid_argument for other word sizes.
v1::KernelIdentity kernel_identity(std::string release, std::string build, std::string machine, int word_bits,
                                   std::endian byte_order, std::uint32_t page_size);

/// A kernel as a tool sees it: who it is, and the formats of its events, which are read when they are needed.
class SeenKernel {
 public:
  /// The running kernel, whose tracefs is at /sys/kernel/tracing or /sys/kernel/debug/tracing. Throws Error if it
  /// cannot be read, and says what to do.
  static SeenKernel running();
  /// The running kernel, whose tracefs is elsewhere.
  static SeenKernel running(const std::filesystem::path& tracefs);
  /// Any kernel, from a copy of its tracefs or of its `events` folder.
  static SeenKernel copy(const std::filesystem::path& tracefs, v1::KernelIdentity identity);
  /// Any kernel, from the texts of some of its formats, by `system/name`. Other events are not there.
  static SeenKernel texts(std::map<std::string, std::string, std::less<>> formats, v1::KernelIdentity identity);

  /// Which kernel it is.
  [[nodiscard]] const v1::KernelIdentity& identity() const noexcept { return identity_; }
  /// The text of an event's format; nothing if the kernel does not have the event. Throws Error if it cannot be read.
  [[nodiscard]] std::optional<std::string> format(std::string_view event) const;
  /// All events, sorted. Throws Error if they cannot be listed.
  [[nodiscard]] std::vector<std::string> events() const;

 private:
  using Texts = std::map<std::string, std::string, std::less<>>;

  SeenKernel(std::variant<std::filesystem::path, Texts> formats, v1::KernelIdentity identity)
      : formats_(std::move(formats)), identity_(std::move(identity)) {}

  std::variant<std::filesystem::path, Texts> formats_;
  v1::KernelIdentity identity_;
};

}  // namespace tracery
