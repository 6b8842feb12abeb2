#include <google/protobuf/descriptor.pb.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <stdexcept>

#include "plan.h"
#include "tracery/decode.h"
#include "utf8.h"

namespace tracery {
namespace {

using detail::FieldPlan;
using detail::Operation;
using detail::Plan;
using detail::SymbolRows;

/// No sub-buffer is larger, so no plan has a reason to look further (RB_WRITE_MASK, kernel/trace/ring_buffer.c).
constexpr std::uint32_t max_offset = 1U << 20U;
constexpr std::int32_t max_field_number = (1 << 29) - 1;

bool is_integer_size(std::uint32_t size) { return size == 1 || size == 2 || size == 4 || size == 8; }

/// What is wrong with an operation; empty if nothing is.
std::string problem(const v1::DecodeOperation& operation) {
  if (operation.field_number() < 1 || operation.field_number() > max_field_number) {
    return "expected a field number from 1 to 536870911 but found " + std::to_string(operation.field_number());
  }
  if (operation.offset() > max_offset || operation.size() > max_offset) {
    return "expected an offset and a size of at most 1048576 but found " + std::to_string(operation.offset()) +
           " and " + std::to_string(operation.size());
  }
  if (operation.arithmetic().shift_right() > 63) {
    return "expected a shift of at most 63 bits but found " + std::to_string(operation.arithmetic().shift_right());
  }
  switch (operation.placement()) {
    case v1::PLACEMENT_FIXED:
    case v1::PLACEMENT_REST:
      break;
    case v1::PLACEMENT_DATA_LOC:
    case v1::PLACEMENT_REL_LOC:
      if (operation.size() != 2 && operation.size() != 4) {
        return "expected a location word of 2 or 4 bytes but found " + std::to_string(operation.size());
      }
      break;
    default:
      return "unknown placement " + std::to_string(operation.placement());
  }
  switch (operation.conversion()) {
    case v1::CONVERSION_STRING:
    case v1::CONVERSION_BYTES:
      return {};
    case v1::CONVERSION_INTEGER:
    case v1::CONVERSION_BOOL:
    case v1::CONVERSION_INTEGERS:
    case v1::CONVERSION_BITMASK:
      return is_integer_size(operation.element_size())
                 ? std::string()
                 : "expected integers of 1, 2, 4 or 8 bytes but found " + std::to_string(operation.element_size());
    default:
      return "unknown conversion " + std::to_string(operation.conversion());
  }
}

std::vector<Operation> operations(const v1::DecodePlan& plan) {
  const std::string subject = "the decode plan of " + (plan.event().empty() ? "an event" : plan.event());
  if (plan.byte_order() != v1::BYTE_ORDER_LITTLE_ENDIAN && plan.byte_order() != v1::BYTE_ORDER_BIG_ENDIAN) {
    throw BadPlan(subject + ": unknown byte order " + std::to_string(plan.byte_order()));
  }
  if (plan.word_size() != v1::WORD_SIZE_32 && plan.word_size() != v1::WORD_SIZE_64) {
    throw BadPlan(subject + ": unknown word size " + std::to_string(plan.word_size()));
  }
  std::vector<Operation> found;
  std::set<std::int32_t> numbers;
  for (int i = 0; i < plan.operations_size(); ++i) {
    const v1::DecodeOperation& operation = plan.operations(i);
    std::string wrong = problem(operation);
    if (wrong.empty() && !numbers.insert(operation.field_number()).second) {
      wrong = "another has the field number " + std::to_string(operation.field_number());
    }
    if (!wrong.empty()) {
      throw BadPlan(subject + ": operations[" + std::to_string(i) + "]: " + wrong);
    }
    found.push_back({
        .placement = operation.placement(),
        .conversion = operation.conversion(),
        .number = static_cast<std::uint32_t>(operation.field_number()),
        .offset = operation.offset(),
        .size = operation.size(),
        .end = operation.offset() + operation.size(),
        .element_size = static_cast<std::uint8_t>(operation.element_size()),
        .is_signed = operation.signed_(),
        .big_endian = plan.byte_order() == v1::BYTE_ORDER_BIG_ENDIAN,
        .arithmetic = operation.has_arithmetic() ? std::optional(operation.arithmetic()) : std::nullopt,
    });
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  return found;
}

FieldKind kind(v1::Conversion conversion) {
  switch (conversion) {
    case v1::CONVERSION_BOOL:
      return FieldKind::boolean;
    case v1::CONVERSION_STRING:
      return FieldKind::text;
    case v1::CONVERSION_BYTES:
      return FieldKind::bytes;
    case v1::CONVERSION_INTEGERS:
      return FieldKind::integers;
    case v1::CONVERSION_BITMASK:
      return FieldKind::bitmask;
    default:
      return FieldKind::integer;
  }
}

FieldKind kind(v1::FieldKind logical) {
  switch (logical) {
    case v1::FIELD_KIND_BOOL:
      return FieldKind::boolean;
    case v1::FIELD_KIND_STRING:
      return FieldKind::text;
    case v1::FIELD_KIND_BYTES:
      return FieldKind::bytes;
    case v1::FIELD_KIND_SIGNED_ARRAY:
    case v1::FIELD_KIND_UNSIGNED_ARRAY:
      return FieldKind::integers;
    case v1::FIELD_KIND_BITMASK:
      return FieldKind::bitmask;
    default:
      return FieldKind::integer;
  }
}

/// The kernel compares in an unsigned long, or in a u64 if the field has 8 bytes.
std::uint64_t compared_bits(const v1::DecodePlan& plan, const std::optional<Operation>& operation) {
  const bool is_wide = plan.word_size() == v1::WORD_SIZE_64 || (operation && operation->element_size == 8);
  return is_wide ? ~std::uint64_t{0} : 0xffffffff;
}

std::vector<SymbolRows> symbols(const v1::EventFieldOptions& options, std::uint64_t word, bool is_signed) {
  std::vector<SymbolRows> tables;
  for (const v1::SymbolTable& table : options.symbols()) {
    SymbolRows rows{
        .is_flags = table.match() == v1::SYMBOL_MATCH_FLAGS,
        .is_signed = is_signed,
        .shift = table.shift(),
        .mask = table.mask(),
        .word = word,
        .delimiter = table.delimiter(),
        .rows = {},
    };
    for (const v1::Symbol& symbol : table.symbols()) {
      rows.rows.push_back({static_cast<std::uint64_t>(symbol.value()) & word, symbol.name()});
    }
    tables.push_back(std::move(rows));
  }
  return tables;
}

const google::protobuf::DescriptorProto& message(const v1::EventReading& reading) {
  const std::string& package = reading.file().package();
  for (const google::protobuf::DescriptorProto& message : reading.file().message_type()) {
    if ((package.empty() ? message.name() : package + "." + message.name()) == reading.message_name()) {
      return message;
    }
  }
  throw BadPlan("the file " + reading.file().name() + " of " + reading.event() + " has no message " +
                reading.message_name());
}

}  // namespace

bool SymbolTable::is_flags() const noexcept { return rows_->is_flags; }
std::string_view SymbolTable::delimiter() const noexcept { return rows_->delimiter; }

std::uint64_t SymbolTable::match(std::int64_t value, std::vector<std::string_view>& names) const {
  names.clear();
  const SymbolRows& table = *rows_;
  if (table.mask == 0) {
    return 0;
  }
  const std::uint32_t shift = std::min(table.shift, 63U);
  std::uint64_t rest = table.is_signed        ? static_cast<std::uint64_t>(value >> shift)
                       : shift == table.shift ? static_cast<std::uint64_t>(value) >> shift
                                              : 0;
  rest &= table.mask & table.word;
  for (const SymbolRows::Row& row : table.rows) {
    if (!table.is_flags) {
      if (row.value == rest) {
        names.emplace_back(row.name);
        return 0;
      }
    } else if (rest == 0) {
      break;
    } else if ((rest & row.value) == row.value) {
      names.emplace_back(row.name);
      rest &= ~row.value;
    }
  }
  return rest;
}

const std::string& Field::name() const noexcept { return plan_->name; }
std::uint32_t Field::occurrence() const noexcept { return plan_->occurrence; }
std::int32_t Field::number() const noexcept { return plan_->number; }
FieldKind Field::kind() const noexcept { return plan_->kind; }
bool Field::is_signed() const noexcept { return plan_->is_signed; }
const std::string& Field::c_type() const noexcept { return plan_->c_type; }
std::size_t Field::symbol_tables() const noexcept { return plan_->symbols.size(); }
SymbolTable Field::symbols(std::size_t table) const { return SymbolTable(&plan_->symbols.at(table)); }

Decoder::Decoder(const v1::EventReading& reading) {
  const v1::DecodePlan& source = reading.decode_plan();
  auto plan = std::make_shared<Plan>();
  plan->event = reading.event().empty() ? source.event() : reading.event();
  plan->message_name = reading.message_name();
  plan->schema_version = reading.schema_version();
  plan->operations = operations(source);
  for (const google::protobuf::FieldDescriptorProto& field : message(reading).field()) {
    const v1::EventFieldOptions& options = field.options().GetExtension(v1::event_field);
    const auto operation = std::find_if(
        plan->operations.begin(), plan->operations.end(),
        [&](const Operation& candidate) { return candidate.number == static_cast<std::uint32_t>(field.number()); });
    const bool is_filled = operation != plan->operations.end();
    const auto filled = is_filled ? std::optional(*operation) : std::nullopt;
    const bool is_signed = is_filled ? operation->is_signed : options.kind() == v1::FIELD_KIND_SIGNED;
    plan->fields.push_back({
        .name = options.name().empty() ? field.name() : options.name(),
        .occurrence = options.occurrence(),
        .number = field.number(),
        .c_type = options.c_type(),
        .kind = is_filled ? tracery::kind(operation->conversion) : tracery::kind(options.kind()),
        .is_signed = is_signed,
        .index = 0,
        .operation = filled,
        .symbols = tracery::symbols(options, compared_bits(source, filled), is_signed),
    });
  }
  std::sort(plan->fields.begin(), plan->fields.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  for (std::size_t i = 0; i < plan->fields.size(); ++i) {
    plan->fields[i].index = i;
    plan->handles.push_back(Field(&plan->fields[i]));
  }
  plan_ = std::move(plan);
}

const std::string& Decoder::event() const noexcept { return plan_->event; }
const std::string& Decoder::message_name() const noexcept { return plan_->message_name; }
std::uint32_t Decoder::schema_version() const noexcept { return plan_->schema_version; }
std::span<const Field> Decoder::fields() const noexcept { return plan_->handles; }

Field Decoder::field(std::string_view name) const {
  if (const Field found = find(name)) {
    return found;
  }
  throw Error(plan_->event + " has no field " + std::string(name) + " here");
}

Field Decoder::find(std::string_view name) const noexcept {
  Field first;
  for (const Field& field : plan_->handles) {
    if (field.name() == name && (!first || field.occurrence() < first.occurrence())) {
      first = field;
    }
  }
  return first;
}

Field Decoder::find(std::string_view name, std::uint32_t occurrence) const noexcept {
  for (const Field& field : plan_->handles) {
    if (field.name() == name && field.occurrence() == occurrence) {
      return field;
    }
  }
  return {};
}

void Decoder::append_message(std::span<const std::byte> record, std::string& out) const {
  for (const Operation& operation : plan_->operations) {
    detail::append_field(operation, record, out);
  }
}

namespace {

[[noreturn]] void throw_wrong_kind(const FieldPlan& field, const char* asked) {
  constexpr const char* kinds[] = {"an integer", "a bool", "a text", "bytes", "a list of integers", "a bitmask"};
  throw std::invalid_argument("the field " + field.name + " is " + kinds[static_cast<std::size_t>(field.kind)] +
                              ", not " + asked);
}

}  // namespace

bool Record::has(Field field) const noexcept {
  return field && field.plan_->operation && detail::locate(*field.plan_->operation, {data_, size_});
}

std::int64_t Record::integer(Field field) const {
  if (!field) {
    return 0;
  }
  const FieldPlan& plan = *field.plan_;
  if (plan.kind > FieldKind::boolean) {
    throw_wrong_kind(plan, "an integer");
  }
  if (!plan.operation) {
    return 0;
  }
  const auto place = detail::locate(*plan.operation, {data_, size_});
  return place ? static_cast<std::int64_t>(detail::integer(*plan.operation, place->data)) : 0;
}

std::string_view Record::text(Field field) const {
  if (!field) {
    return {};
  }
  const FieldPlan& plan = *field.plan_;
  if (plan.kind != FieldKind::text) {
    throw_wrong_kind(plan, "a text");
  }
  const auto place = plan.operation ? detail::locate(*plan.operation, {data_, size_}) : std::nullopt;
  if (!place) {
    return {};
  }
  bool ascii = false;
  const std::string_view text = detail::cut_at_nul(*place, ascii);
  if (ascii || detail::is_utf8(text)) {
    return text;
  }
  if (mended_.size() <= plan.index) {
    // Why all at once: a string that moves would take its views with it.
    mended_.resize(std::max(plan_->fields.size(), plan.index + 1));
  }
  std::string& mended = mended_[plan.index];
  mended.clear();
  detail::append_utf8(text, mended);
  return mended;
}

std::span<const std::byte> Record::bytes(Field field) const {
  if (!field) {
    return {};
  }
  const FieldPlan& plan = *field.plan_;
  if (plan.kind != FieldKind::bytes && plan.kind != FieldKind::text) {
    throw_wrong_kind(plan, "bytes");
  }
  const auto place = plan.operation ? detail::locate(*plan.operation, {data_, size_}) : std::nullopt;
  return place ? std::span(place->data, place->size) : std::span<const std::byte>();
}

detail::IntegerSlice Record::slice(Field field) const {
  if (!field) {
    return {};
  }
  const FieldPlan& plan = *field.plan_;
  if (plan.kind != FieldKind::integers && plan.kind != FieldKind::bitmask) {
    throw_wrong_kind(plan, "a list of integers");
  }
  const auto place = plan.operation ? detail::locate(*plan.operation, {data_, size_}) : std::nullopt;
  return place ? detail::slice(*plan.operation, *place) : detail::IntegerSlice();
}

std::string Record::names(Field field, std::size_t table) const {
  if (!has(field) || table >= field.symbol_tables()) {
    return {};
  }
  const SymbolTable symbols = field.symbols(table);
  std::vector<std::string_view> found;
  const std::uint64_t rest = symbols.match(integer(field), found);
  std::string text;
  for (const std::string_view name : found) {
    text.append(text.empty() ? std::string_view() : symbols.delimiter()).append(name);
  }
  if (rest != 0) {
    char digits[16];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), rest, 16).ptr;
    text.append(text.empty() ? std::string_view() : symbols.delimiter()).append("0x").append(digits, end);
  }
  return text;
}

}  // namespace tracery
