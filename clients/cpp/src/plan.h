#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tracery/decode.h"
#include "tracery/v1/decode.pb.h"
#include "tracery/v1/negotiation_service.pb.h"
#include "tracery/v1/options.pb.h"

namespace tracery::detail {

/// An operation that was found to be one. The words are those of decode.proto.
struct Operation {
  v1::Placement placement;
  v1::Conversion conversion;
  std::uint32_t number;
  std::uint32_t offset;
  std::uint32_t size;
  std::uint32_t end;  // offset + size
  std::uint8_t element_size;
  bool is_signed;
  bool big_endian;
  std::optional<v1::Arithmetic> arithmetic;
};

/// One table of names, as it is compared.
struct SymbolRows {
  struct Row {
    std::uint64_t value;
    std::string name;
  };
  bool is_flags;
  bool is_signed;
  std::uint32_t shift;
  std::uint64_t mask;
  std::uint64_t word;  // the bits that are compared
  std::string delimiter;
  std::vector<Row> rows;
};

/// A field of the message, and how it is filled, if it is.
struct FieldPlan {
  std::string name;
  std::uint32_t occurrence;
  std::int32_t number;
  std::string c_type;
  FieldKind kind;
  bool is_signed;
  std::size_t index;
  std::optional<Operation> operation;
  std::vector<SymbolRows> symbols;
};

/// How the records of one layout are read.
struct Plan {
  std::string event;
  std::string message_name;
  std::uint32_t schema_version;
  std::vector<FieldPlan> fields;      // by number
  std::vector<Field> handles;         // of the fields
  std::vector<Operation> operations;  // by number
};

/// Where a value lies in a record.
struct Place {
  const std::byte* data;
  std::size_t size;
};

/// Where the operation's value lies; nothing if the record has none, or too few bytes for it.
std::optional<Place> locate(const Operation& operation, std::span<const std::byte> record) noexcept;

/// An integer of 1, 2, 4 or 8 bytes.
std::uint64_t load(const std::byte* data, std::uint8_t size, bool is_signed, bool big_endian) noexcept;

/// The value of an operation that gives one integer; the place has enough bytes.
std::uint64_t integer(const Operation& operation, const std::byte* data) noexcept;

/// The bytes before the first NUL; `ascii` says whether they are all ASCII.
std::string_view cut_at_nul(Place place, bool& ascii) noexcept;

/// The place as a list of integers, or words of a bitmask.
IntegerSlice slice(const Operation& operation, Place place) noexcept;

/// Appends what the operation makes of a record to its message.
void append_field(const Operation& operation, std::span<const std::byte> record, std::string& out);

}  // namespace tracery::detail
