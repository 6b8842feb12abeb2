#pragma once

#include <cstddef>
#include <iterator>
#include <optional>

namespace tracery {

/// Makes a range of what has `std::optional<T> next()`: it can be gone over once, by one thread. What fails throws from
/// begin() and from ++.
template <class Source, class T>
class NextIterator {
 public:
  using value_type = T;
  using difference_type = std::ptrdiff_t;
  using iterator_concept = std::input_iterator_tag;

  explicit NextIterator(Source& source) : source_(&source), value_(source.next()) {}
  NextIterator(NextIterator&&) noexcept = default;
  NextIterator& operator=(NextIterator&&) noexcept = default;
  ~NextIterator() = default;

  const T& operator*() const { return *value_; }
  const T* operator->() const { return &*value_; }
  NextIterator& operator++() {
    value_ = source_->next();
    return *this;
  }
  void operator++(int) { ++*this; }
  bool operator==(std::default_sentinel_t /*end*/) const { return !value_; }

 private:
  Source* source_;
  std::optional<T> value_;
};

}  // namespace tracery
