#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tracery/error.h"

namespace tracery {

namespace v1 {
class EventReading;
}  // namespace v1

namespace detail {
struct FieldPlan;
struct Plan;
struct SymbolRows;

/// Some of a record's integers, as they lie there.
struct IntegerSlice {
  const std::byte* data = nullptr;
  std::size_t bytes = 0;
  std::uint8_t element_size = 1;
  std::uint8_t step = 1;  // bytes of the slice that one value is made of
  bool is_signed = false;
  bool big_endian = false;

  [[nodiscard]] std::uint64_t at(std::size_t index) const noexcept;
};
}  // namespace detail

/// What a field's values are.
enum class FieldKind : std::uint8_t { integer, boolean, text, bytes, integers, bitmask };

/// The names that a print format has for the values of a field: one __print_symbolic or __print_flags. Valid as long as
/// the Decoder, or a copy of it.
class SymbolTable {
 public:
  /// Whether each bit has a name, rather than each value.
  [[nodiscard]] bool is_flags() const noexcept;

  /// What stands between two flags: `|`.
  [[nodiscard]] std::string_view delimiter() const noexcept;

  /// Replaces `names` by the names of a value and returns what has none: the rest of the bits, or the whole value. The
  /// value is shifted, masked and compared as the kernel does.
  std::uint64_t match(std::int64_t value, std::vector<std::string_view>& names) const;

 private:
  friend class Field;
  explicit SymbolTable(const detail::SymbolRows* rows) : rows_(rows) {}
  const detail::SymbolRows* rows_;
};

/// A field of an event: what Decoder::field finds by name, once, so that no record needs to look for it. Small; to be
/// copied. Valid as long as the Decoder, or a copy of it. An empty one stands for a field that the event does not have
/// here.
class Field {
 public:
  Field() = default;

  /// Whether there is a field.
  explicit operator bool() const noexcept { return plan_ != nullptr; }

  // Of a field that is there:

  /// The kernel's name.
  [[nodiscard]] const std::string& name() const noexcept;
  /// Which of the fields of that name, from 0.
  [[nodiscard]] std::uint32_t occurrence() const noexcept;
  /// The protobuf field number.
  [[nodiscard]] std::int32_t number() const noexcept;
  /// What its values are.
  [[nodiscard]] FieldKind kind() const noexcept;
  /// Whether its integers are signed.
  [[nodiscard]] bool is_signed() const noexcept;
  /// The C type as the kernel spells it: `char[16]`.
  [[nodiscard]] const std::string& c_type() const noexcept;
  /// How many tables of names its values have.
  [[nodiscard]] std::size_t symbol_tables() const noexcept;
  /// One of them. Throws std::out_of_range.
  [[nodiscard]] SymbolTable symbols(std::size_t table = 0) const;

 private:
  friend class Decoder;
  friend class Record;
  explicit Field(const detail::FieldPlan* plan) : plan_(plan) {}
  const detail::FieldPlan* plan_ = nullptr;
};

/// Reads the records of one event, of one layout. Immutable: may be used by many threads at once, and copied cheaply.
class Decoder {
 public:
  /// Throws BadPlan if the plan is none that decode.proto allows, saying which operation and why.
  explicit Decoder(const v1::EventReading& reading);

  /// The event, `system/name`.
  [[nodiscard]] const std::string& event() const noexcept;
  /// The full name of the protobuf message that its records become: `linux.sched.SchedSwitch`.
  [[nodiscard]] const std::string& message_name() const noexcept;
  /// The version of the message.
  [[nodiscard]] std::uint32_t schema_version() const noexcept;

  /// All fields, in the order of their numbers.
  [[nodiscard]] std::span<const Field> fields() const noexcept;
  /// A field by the kernel's name, the first if there are more. Throws Error if there is none.
  [[nodiscard]] Field field(std::string_view name) const;
  /// The same, but an empty Field if there is none: for what a tool can do without.
  [[nodiscard]] Field find(std::string_view name) const noexcept;
  /// One of several fields of a name, counted from 0; empty if there is none.
  [[nodiscard]] Field find(std::string_view name, std::uint32_t occurrence) const noexcept;

  /// Appends the protobuf bytes of a record's message.
  void append_message(std::span<const std::byte> record, std::string& out) const;

 private:
  friend class Record;
  std::shared_ptr<const detail::Plan> plan_;
};

/// Some integers of a record: a forward range of std::int64_t or std::uint64_t, with an index. Valid as long as the
/// record's bytes.
template <class T>
class IntegerList {
 public:
  /// Goes over a list.
  class iterator {
   public:
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::forward_iterator_tag;

    iterator() = default;
    T operator*() const noexcept { return static_cast<T>(slice_.at(index_)); }
    iterator& operator++() noexcept {
      ++index_;
      return *this;
    }
    iterator operator++(int) noexcept {
      iterator before = *this;
      ++index_;
      return before;
    }
    bool operator==(const iterator& other) const noexcept { return index_ == other.index_; }

   private:
    friend class IntegerList;
    iterator(const detail::IntegerSlice& slice, std::size_t index) : slice_(slice), index_(index) {}
    detail::IntegerSlice slice_;
    std::size_t index_ = 0;
  };

  IntegerList() = default;
  explicit IntegerList(const detail::IntegerSlice& slice) : slice_(slice) {}

  /// How many there are.
  [[nodiscard]] std::size_t size() const noexcept { return (slice_.bytes + slice_.step - 1) / slice_.step; }
  [[nodiscard]] bool empty() const noexcept { return slice_.bytes == 0; }
  /// One of them; `index` must be less than size().
  T operator[](std::size_t index) const noexcept { return static_cast<T>(slice_.at(index)); }
  [[nodiscard]] iterator begin() const noexcept { return iterator(slice_, 0); }
  [[nodiscard]] iterator end() const noexcept { return iterator(slice_, size()); }

 private:
  detail::IntegerSlice slice_;
};

/// A raw record, seen through a decoder: the fields' values, read when they are asked for. Make one for each thread and
/// have it read record after record; nothing is allocated, but for text that is no UTF-8.
///
/// A field that has no value in a record (has() is false) is 0, false or empty. What it returns as a view is valid
/// until the next read(), and as long as the record's bytes. Asking for another kind than the field's throws
/// std::invalid_argument.
class Record {
 public:
  explicit Record(const Decoder& decoder) : plan_(decoder.plan_) {}

  /// Goes on to a record, which begins with `common_type`. The bytes stay the caller's, and where they are.
  Record& read(std::span<const std::byte> record) noexcept {
    data_ = record.data();
    size_ = record.size();
    return *this;
  }
  /// The same, for bytes of another type.
  Record& read(const void* data, std::size_t size) noexcept {
    return read({static_cast<const std::byte*>(data), size});
  }

  /// Whether the field has a value here: it is in the plan, and the record is long enough.
  [[nodiscard]] bool has(Field field) const noexcept;

  /// An integer or bool. Of an unsigned field of 64 bits, the same bits.
  [[nodiscard]] std::int64_t integer(Field field) const;
  /// An integer or bool, as its bits. Of a signed field, with its sign extended to 64 bits.
  [[nodiscard]] std::uint64_t unsigned_integer(Field field) const { return static_cast<std::uint64_t>(integer(field)); }
  /// Whether an integer or bool is not 0.
  [[nodiscard]] bool boolean(Field field) const { return integer(field) != 0; }
  /// A text, up to its first NUL, always valid UTF-8: each malformed sequence is replaced by U+FFFD.
  [[nodiscard]] std::string_view text(Field field) const;
  /// Bytes, as they are; of a text, all that it has room for.
  [[nodiscard]] std::span<const std::byte> bytes(Field field) const;
  /// A list of integers, or a bitmask as 64-bit words, the lowest first.
  [[nodiscard]] IntegerList<std::int64_t> integers(Field field) const {
    return IntegerList<std::int64_t>(slice(field));
  }
  /// The same, for lists that are unsigned.
  [[nodiscard]] IntegerList<std::uint64_t> unsigned_integers(Field field) const {
    return IntegerList<std::uint64_t>(slice(field));
  }

  /// The names of an integer as the kernel would print them, `S|D`, what has none in hexadecimal; empty if it is 0 and
  /// that has no name, and if the field has no value or no such table.
  [[nodiscard]] std::string names(Field field, std::size_t table = 0) const;

 private:
  [[nodiscard]] detail::IntegerSlice slice(Field field) const;

  std::shared_ptr<const detail::Plan> plan_;
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  // Texts that had to be mended, by the field's index.
  mutable std::vector<std::string> mended_;
};

}  // namespace tracery
