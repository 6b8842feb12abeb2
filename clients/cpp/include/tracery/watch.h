#pragma once

#include <memory>
#include <optional>

#include "tracery/error.h"
#include "tracery/next_iterator.h"
#include "tracery/v1/registry_service.pb.h"

namespace tracery {

/// The changes of a registry, whole revision by whole revision, without gaps and without repeats. When the registry
/// goes away, it is asked again, with growing pauses, for what follows the last revision that came whole. One thread
/// goes over it; close() may be called by any other.
class Watcher {
 public:
  Watcher(Watcher&&) noexcept;
  Watcher& operator=(Watcher&&) noexcept;
  ~Watcher();

  /// Waits for the next revision that has changes; nothing after close(). Throws CallFailed if the registry refuses to
  /// go on.
  std::optional<v1::WatchResponse> next();
  /// Ends it, a next() that waits included.
  void close() noexcept;

  using iterator = NextIterator<Watcher, v1::WatchResponse>;
  iterator begin() { return iterator(*this); }
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }

 private:
  friend class Client;
  class Call;
  explicit Watcher(std::unique_ptr<Call> call);
  std::unique_ptr<Call> call_;
};

}  // namespace tracery
