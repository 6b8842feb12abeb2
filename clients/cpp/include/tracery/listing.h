#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "tracery/next_iterator.h"

namespace tracery {

/// A range of things that come one after the other, and may have to be waited for: `for (const auto& kernel :
/// client.kernels())`. It can be gone over once, by one thread. What fails throws from next() or from the iterator.
template <class T>
class Listing {
 public:
  /// Gives the next things, or none at the end.
  using Page = std::function<std::vector<T>()>;

  explicit Listing(Page page) : page_(std::move(page)) {}

  /// The next, or nothing at the end.
  std::optional<T> next() {
    while (at_ == things_.size()) {
      if (!page_) {
        return std::nullopt;
      }
      things_ = page_();
      at_ = 0;
      if (things_.empty()) {
        page_ = nullptr;
      }
    }
    return std::move(things_[at_++]);
  }

  using iterator = NextIterator<Listing, T>;
  iterator begin() { return iterator(*this); }
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }

 private:
  Page page_;
  std::vector<T> things_;
  std::size_t at_ = 0;
};

}  // namespace tracery
