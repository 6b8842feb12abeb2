// Decodes sched_switch records into native values, all 7 fields, on one core, and prints how many a second.
#include <tracery/decode.h>
#include <tracery/v1/negotiation_service.pb.h>
#include <tracery/v1/options.pb.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <iostream>
#include <string>
#include <vector>

namespace {

constexpr std::size_t record_bytes = 64;
constexpr std::size_t record_count = 4096;

struct FieldRow {
  const char* name;
  tracery::v1::Conversion conversion;
  google::protobuf::FieldDescriptorProto::Type type;
  std::uint32_t offset;
  std::uint32_t size;
};

/// As Linux 6.12 has it on x86_64.
constexpr std::array<FieldRow, 7> rows{{
    {"prev_comm", tracery::v1::CONVERSION_STRING, google::protobuf::FieldDescriptorProto::TYPE_STRING, 8, 16},
    {"prev_pid", tracery::v1::CONVERSION_INTEGER, google::protobuf::FieldDescriptorProto::TYPE_INT32, 24, 4},
    {"prev_prio", tracery::v1::CONVERSION_INTEGER, google::protobuf::FieldDescriptorProto::TYPE_INT32, 28, 4},
    {"prev_state", tracery::v1::CONVERSION_INTEGER, google::protobuf::FieldDescriptorProto::TYPE_INT64, 32, 8},
    {"next_comm", tracery::v1::CONVERSION_STRING, google::protobuf::FieldDescriptorProto::TYPE_STRING, 40, 16},
    {"next_pid", tracery::v1::CONVERSION_INTEGER, google::protobuf::FieldDescriptorProto::TYPE_INT32, 56, 4},
    {"next_prio", tracery::v1::CONVERSION_INTEGER, google::protobuf::FieldDescriptorProto::TYPE_INT32, 60, 4},
}};

tracery::Decoder sched_switch() {
  tracery::v1::EventReading reading;
  reading.set_event("sched/sched_switch");
  reading.set_message_name("SchedSwitch");
  auto& message = *reading.mutable_file()->add_message_type();
  message.set_name("SchedSwitch");
  auto& plan = *reading.mutable_decode_plan();
  plan.set_byte_order(tracery::v1::BYTE_ORDER_LITTLE_ENDIAN);
  plan.set_word_size(tracery::v1::WORD_SIZE_64);
  int number = 0;
  for (const FieldRow& row : rows) {
    auto& field = *message.add_field();
    field.set_name(row.name);
    field.set_number(++number);
    field.set_type(row.type);
    auto& operation = *plan.add_operations();
    operation.set_field_number(number);
    operation.set_placement(tracery::v1::PLACEMENT_FIXED);
    operation.set_conversion(row.conversion);
    operation.set_offset(row.offset);
    operation.set_size(row.size);
    operation.set_element_size(row.conversion == tracery::v1::CONVERSION_STRING ? 1 : row.size);
    operation.set_signed_(row.conversion == tracery::v1::CONVERSION_INTEGER);
  }
  return tracery::Decoder(reading);
}

/// Records one after the other, as a ring buffer has them, names of 3 to 15 bytes.
std::vector<std::byte> records() {
  constexpr std::array<const char*, 5> names{"swapper/0", "kworker/u16:3", "postgres", "ssh", "migration/12345"};
  std::vector<std::byte> bytes(record_count * record_bytes);
  for (std::size_t i = 0; i < record_count; ++i) {
    std::byte* record = bytes.data() + i * record_bytes;
    std::strcpy(reinterpret_cast<char*>(record + 8), names[i % names.size()]);
    std::strcpy(reinterpret_cast<char*>(record + 40), names[(i + 3) % names.size()]);
    for (const FieldRow& row : rows) {
      const std::uint64_t value = i * row.offset;
      if (row.conversion == tracery::v1::CONVERSION_INTEGER) {
        std::memcpy(record + row.offset, &value, row.size);
      }
    }
  }
  return bytes;
}

}  // namespace

int main() {
  const tracery::Decoder decoder = sched_switch();
  const auto fields = decoder.fields();
  const tracery::Field prev_comm = fields[0], prev_pid = fields[1], prev_prio = fields[2], prev_state = fields[3],
                       next_comm = fields[4], next_pid = fields[5], next_prio = fields[6];
  const std::vector<std::byte> bytes = records();
  tracery::Record record(decoder);
  std::uint64_t sum = 0;
  std::vector<double> rates;
  for (int round = 0; round < 9; ++round) {
    constexpr int passes = 500;
    const auto begin = std::chrono::steady_clock::now();
    for (int pass = 0; pass < passes; ++pass) {
      for (std::size_t at = 0; at < bytes.size(); at += record_bytes) {
        record.read(bytes.data() + at, record_bytes);
        const std::string_view one = record.text(prev_comm);
        const std::string_view two = record.text(next_comm);
        sum +=
            one.size() + static_cast<unsigned char>(one.front()) + two.size() + static_cast<unsigned char>(two.back());
        sum += record.unsigned_integer(prev_pid) + record.unsigned_integer(prev_prio) +
               record.unsigned_integer(prev_state) + record.unsigned_integer(next_pid) +
               record.unsigned_integer(next_prio);
      }
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    rates.push_back(passes * static_cast<double>(record_count) / took.count());
  }
  std::sort(rates.begin(), rates.end());
  std::cerr << "checksum " << sum << '\n';
  std::cout << static_cast<std::uint64_t>(rates[rates.size() / 2]) << '\n';
}
