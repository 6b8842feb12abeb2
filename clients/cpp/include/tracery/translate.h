#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <memory>
#include <optional>
#include <span>

#include "tracery/error.h"
#include "tracery/next_iterator.h"
#include "tracery/v1/translation_service.pb.h"

namespace tracery {

/// A trace that the registry translates, item by item. Flow control works both ways: the registry waits where nobody
/// takes its items, and then takes no more of the trace, so that neither side holds more than a few answers.
///
/// One thread may send while another takes items. Of raw pages it should be two, because who only sends would wait for
/// ever once the answers that nobody takes are too many; a file is translated when it is whole, and may be sent first.
class Translation {
 public:
  Translation(Translation&&) noexcept;
  Translation& operator=(Translation&&) noexcept;
  /// Ends the call. No other thread may be sending any more.
  ~Translation();

  /// Sends a whole file, and says that it is whole. What the registry has against it, next() throws. Throws Error if
  /// `file` cannot be read; then the call has ended.
  void send_file(std::istream& file);
  /// Sends some whole pages of one CPU, 1 MiB at most. Waits while the registry takes no more. False if it takes
  /// nothing any more: next() says why.
  bool send_pages(std::uint32_t cpu, std::span<const std::byte> pages);
  /// Says that no more will come.
  void end_of_input();

  /// Waits for the next item; nothing after the last. Throws CallFailed if the registry refuses the trace, or goes
  /// away.
  std::optional<v1::TraceItem> next();
  /// Ends the call, whatever is waiting. May be called by any thread.
  void cancel() noexcept;

  using iterator = NextIterator<Translation, v1::TraceItem>;
  iterator begin() { return iterator(*this); }
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }

 private:
  friend class Client;
  class Call;
  explicit Translation(std::unique_ptr<Call> call);
  std::unique_ptr<Call> call_;
};

}  // namespace tracery
