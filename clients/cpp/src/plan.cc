#include "plan.h"

#include <array>
#include <bit>
#include <cstring>

#include "utf8.h"

namespace tracery::detail {
namespace {

template <class T>
T swapped(T value) noexcept {
  if constexpr (sizeof(T) == 2) {
    return __builtin_bswap16(value);
  } else if constexpr (sizeof(T) == 4) {
    return __builtin_bswap32(value);
  } else if constexpr (sizeof(T) == 8) {
    return __builtin_bswap64(value);
  } else {
    return value;
  }
}

template <class T>
std::uint64_t load(const std::byte* data, bool is_signed, bool big_endian) noexcept {
  T value;
  std::memcpy(&value, data, sizeof value);
  if (big_endian != (std::endian::native == std::endian::big)) {
    value = swapped(value);
  }
  return is_signed ? static_cast<std::uint64_t>(static_cast<std::int64_t>(std::make_signed_t<T>(value))) : value;
}

/// Signed division rounds towards zero; INT64_MIN / -1 wraps, which C++ leaves undefined.
std::uint64_t divided(std::uint64_t value, std::int64_t by, bool is_signed) noexcept {
  if (!is_signed) {
    return value / static_cast<std::uint64_t>(by);
  }
  return by == -1 ? 0 - value : static_cast<std::uint64_t>(static_cast<std::int64_t>(value) / by);
}

std::uint64_t computed(const v1::Arithmetic& arithmetic, bool is_signed, std::uint64_t value) noexcept {
  value = is_signed ? static_cast<std::uint64_t>(static_cast<std::int64_t>(value) >> arithmetic.shift_right())
                    : value >> arithmetic.shift_right();
  if (arithmetic.mask() != 0) {
    value &= arithmetic.mask();
  }
  if (arithmetic.multiply() != 0) {
    value *= static_cast<std::uint64_t>(arithmetic.multiply());
  }
  if (arithmetic.divide() != 0) {
    value = divided(value, arithmetic.divide(), is_signed);
  }
  return value + static_cast<std::uint64_t>(arithmetic.add());
}

constexpr std::size_t varint_size(std::uint64_t value) noexcept {
  return (static_cast<std::size_t>(std::bit_width(value | 1)) + 6) / 7;
}

/// Protobuf's varints, a few at a time.
class Varints {
 public:
  Varints& put(std::uint64_t value) noexcept {
    while (value > 0x7f) {
      bytes_[size_++] = static_cast<char>(value | 0x80);
      value >>= 7;
    }
    bytes_[size_++] = static_cast<char>(value);
    return *this;
  }
  void append_to(std::string& out) const { out.append(bytes_.data(), size_); }

 private:
  std::array<char, 20> bytes_;  // two of the longest
  std::size_t size_ = 0;
};

constexpr std::uint64_t varint_tag(const Operation& operation) noexcept { return std::uint64_t{operation.number} << 3; }
constexpr std::uint64_t length_tag(const Operation& operation) noexcept {
  return std::uint64_t{operation.number} << 3 | 2;
}

void append_bytes(const Operation& operation, std::string_view bytes, std::string& out) {
  if (!bytes.empty()) {
    Varints().put(length_tag(operation)).put(bytes.size()).append_to(out);
    out.append(bytes);
  }
}

void append_packed(const Operation& operation, const IntegerSlice& values, std::string& out) {
  const IntegerList<std::uint64_t> list(values);
  std::size_t length = 0;
  for (const std::uint64_t value : list) {
    length += varint_size(value);
  }
  if (length == 0) {
    return;
  }
  Varints().put(length_tag(operation)).put(length).append_to(out);
  for (const std::uint64_t value : list) {
    Varints().put(value).append_to(out);
  }
}

}  // namespace

std::uint64_t load(const std::byte* data, std::uint8_t size, bool is_signed, bool big_endian) noexcept {
  switch (size) {
    case 1:
      return load<std::uint8_t>(data, is_signed, big_endian);
    case 2:
      return load<std::uint16_t>(data, is_signed, big_endian);
    case 4:
      return load<std::uint32_t>(data, is_signed, big_endian);
    default:
      return load<std::uint64_t>(data, is_signed, big_endian);
  }
}

std::uint64_t IntegerSlice::at(std::size_t index) const noexcept {
  const std::size_t from = index * step;
  if (step == element_size) {
    return load(data + from, element_size, is_signed, big_endian);
  }
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < step && from + i < bytes; i += element_size) {
    word |= load(data + from + i, element_size, false, big_endian) << 8 * i;
  }
  return word;
}

std::optional<Place> locate(const Operation& operation, std::span<const std::byte> record) noexcept {
  if (record.size() < operation.end) {
    return std::nullopt;
  }
  std::size_t from = operation.offset;
  std::size_t length = operation.size;
  if (operation.placement == v1::PLACEMENT_REST) {
    length = record.size() - from;
  } else if (operation.placement != v1::PLACEMENT_FIXED) {
    const std::uint64_t location =
        load(record.data() + from, static_cast<std::uint8_t>(operation.size), false, operation.big_endian);
    from = (operation.placement == v1::PLACEMENT_REL_LOC ? operation.end : 0) + (location & 0xffff);
    if (from > record.size()) {
      return std::nullopt;
    }
    length = operation.size == 2 ? record.size() - from : static_cast<std::size_t>(location >> 16);
    if (length > record.size() - from) {
      return std::nullopt;
    }
  }
  const bool is_scalar = operation.conversion == v1::CONVERSION_INTEGER || operation.conversion == v1::CONVERSION_BOOL;
  if (is_scalar && length < operation.element_size) {
    return std::nullopt;
  }
  return Place{record.data() + from, length};
}

std::uint64_t integer(const Operation& operation, const std::byte* data) noexcept {
  if (operation.conversion == v1::CONVERSION_BOOL) {
    return load(data, operation.element_size, false, operation.big_endian) != 0 ? 1 : 0;
  }
  const std::uint64_t value = load(data, operation.element_size, operation.is_signed, operation.big_endian);
  return operation.arithmetic ? computed(*operation.arithmetic, operation.is_signed, value) : value;
}

std::string_view cut_at_nul(Place place, bool& ascii) noexcept {
  constexpr std::uint64_t ones = 0x0101010101010101;
  const auto* text = reinterpret_cast<const char*>(place.data);
  std::size_t length = 0;
  // Why eight at a time: that is most of what a sched_switch record costs, which has two names of 16 bytes.
  for (; length + 8 <= place.size; length += 8) {
    std::uint64_t word;
    std::memcpy(&word, text + length, sizeof word);
    if (((word - ones) | word) & ones << 7) {
      break;  // a NUL, or a byte that is no ASCII
    }
  }
  std::uint8_t bits = 0;
  for (; length < place.size && text[length] != '\0'; ++length) {
    bits |= static_cast<std::uint8_t>(text[length]);
  }
  ascii = bits < 0x80;
  return {text, length};
}

IntegerSlice slice(const Operation& operation, Place place) noexcept {
  const std::size_t whole = place.size - place.size % operation.element_size;
  const bool is_mask = operation.conversion == v1::CONVERSION_BITMASK;
  return {place.data,
          whole,
          operation.element_size,
          is_mask ? std::uint8_t{8} : operation.element_size,
          operation.is_signed && !is_mask,
          operation.big_endian};
}

void append_field(const Operation& operation, std::span<const std::byte> record, std::string& out) {
  const std::optional<Place> place = locate(operation, record);
  if (!place) {
    return;
  }
  switch (operation.conversion) {
    case v1::CONVERSION_INTEGER:
    case v1::CONVERSION_BOOL:
      if (const std::uint64_t value = integer(operation, place->data)) {
        Varints().put(varint_tag(operation)).put(value).append_to(out);
      }
      return;
    case v1::CONVERSION_STRING: {
      bool ascii = false;
      const std::string_view text = cut_at_nul(*place, ascii);
      if (ascii || is_utf8(text)) {
        append_bytes(operation, text, out);
      } else {
        std::string mended;
        append_utf8(text, mended);
        append_bytes(operation, mended, out);
      }
      return;
    }
    case v1::CONVERSION_BYTES:
      append_bytes(operation, {reinterpret_cast<const char*>(place->data), place->size}, out);
      return;
    default:
      append_packed(operation, slice(operation, *place), out);
  }
}

}  // namespace tracery::detail
