#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/stubs/logging.h>
#include <gtest/gtest.h>

#include <random>

#include "test_kit.h"
#include "tracery/decode.h"
#include "tracery/v1/negotiation_service.pb.h"
#include "tracery/v1/options.pb.h"

namespace tracery {
namespace {

using google::protobuf::FieldDescriptorProto;
using test::bytes;
using namespace std::string_view_literals;

/// An event that is made field by field.
class Event {
 public:
  explicit Event(v1::ByteOrder order = v1::BYTE_ORDER_LITTLE_ENDIAN, v1::WordSize word = v1::WORD_SIZE_64) {
    reading.set_event("made/event");
    reading.set_message_name("made.Event");
    reading.mutable_file()->set_name("made/event.proto");
    reading.mutable_file()->set_package("made");
    reading.mutable_file()->set_syntax("proto3");
    reading.mutable_file()->add_message_type()->set_name("Event");
    reading.mutable_decode_plan()->set_event("made/event");
    reading.mutable_decode_plan()->set_byte_order(order);
    reading.mutable_decode_plan()->set_word_size(word);
  }

  /// A field with its operation.
  v1::DecodeOperation& add(const std::string& name, v1::Placement placement, v1::Conversion conversion, unsigned offset,
                           unsigned size, unsigned element_size = 1, bool is_signed = false) {
    auto& field = describe(name);
    field.set_type(type(conversion, is_signed));
    field.set_label(conversion == v1::CONVERSION_INTEGERS || conversion == v1::CONVERSION_BITMASK
                        ? FieldDescriptorProto::LABEL_REPEATED
                        : FieldDescriptorProto::LABEL_OPTIONAL);
    auto& operation = *reading.mutable_decode_plan()->add_operations();
    operation.set_field_number(field.number());
    operation.set_placement(placement);
    operation.set_conversion(conversion);
    operation.set_offset(offset);
    operation.set_size(size);
    operation.set_element_size(element_size);
    operation.set_signed_(is_signed);
    return operation;
  }

  v1::DecodeOperation& integer(const std::string& name, unsigned offset, unsigned size, bool is_signed = true) {
    return add(name, v1::PLACEMENT_FIXED, v1::CONVERSION_INTEGER, offset, size, size, is_signed);
  }

  /// A field without an operation.
  FieldDescriptorProto& describe(const std::string& name) {
    auto& message = *reading.mutable_file()->mutable_message_type(0);
    auto& field = *message.add_field();
    field.set_number(message.field_size());
    field.set_name("f" + std::to_string(field.number()));
    field.set_type(FieldDescriptorProto::TYPE_INT64);
    field.set_label(FieldDescriptorProto::LABEL_OPTIONAL);
    field.mutable_options()->MutableExtension(v1::event_field)->set_name(name);
    return field;
  }

  v1::EventFieldOptions& last_options() {
    auto& message = *reading.mutable_file()->mutable_message_type(0);
    return *message.mutable_field(message.field_size() - 1)->mutable_options()->MutableExtension(v1::event_field);
  }

  [[nodiscard]] Decoder decoder() const { return Decoder(reading); }

  v1::EventReading reading;

 private:
  static FieldDescriptorProto::Type type(v1::Conversion conversion, bool is_signed) {
    switch (conversion) {
      case v1::CONVERSION_BOOL:
        return FieldDescriptorProto::TYPE_BOOL;
      case v1::CONVERSION_STRING:
        return FieldDescriptorProto::TYPE_STRING;
      case v1::CONVERSION_BYTES:
        return FieldDescriptorProto::TYPE_BYTES;
      case v1::CONVERSION_BITMASK:
        return FieldDescriptorProto::TYPE_UINT64;
      default:
        return is_signed ? FieldDescriptorProto::TYPE_INT64 : FieldDescriptorProto::TYPE_UINT64;
    }
  }
};

TEST(Decoding, ReadsIntegersOfAnySizeAndByteOrder) {
  for (const auto order : {v1::BYTE_ORDER_LITTLE_ENDIAN, v1::BYTE_ORDER_BIG_ENDIAN}) {
    Event event(order);
    event.integer("two", 1, 2);
    event.integer("four", 3, 4, false);
    event.integer("eight", 7, 8);
    const Decoder decoder = event.decoder();
    const auto raw = order == v1::BYTE_ORDER_LITTLE_ENDIAN
                         ? "\xaa\xfe\xff\x01\x02\x03\xf4\x08\x07\x06\x05\x04\x03\x02\xf1"sv
                         : "\xaa\xff\xfe\xf4\x03\x02\x01\xf1\x02\x03\x04\x05\x06\x07\x08"sv;
    Record record(decoder);
    record.read(bytes(raw));
    EXPECT_EQ(record.integer(decoder.field("two")), -2);
    EXPECT_EQ(record.integer(decoder.field("four")), 0xf4030201);
    EXPECT_EQ(record.integer(decoder.field("eight")), static_cast<std::int64_t>(0xf102030405060708));
  }
}

TEST(Decoding, AFieldThatTheRecordIsTooShortForHasNoValue) {
  Event event;
  event.integer("here", 0, 4);
  event.integer("behind", 4, 4);
  const Decoder decoder = event.decoder();
  Record record(decoder);
  const std::string raw("\1\0\0\0\2\0\0", 7);
  record.read(bytes(raw));
  EXPECT_TRUE(record.has(decoder.field("here")));
  EXPECT_FALSE(record.has(decoder.field("behind")));
  EXPECT_EQ(record.integer(decoder.field("behind")), 0);
  std::string message;
  decoder.append_message(bytes(raw), message);
  EXPECT_EQ(message, "\x08\x01");
}

TEST(Decoding, ALocationThatPointsOutsideHasNoValue) {
  Event event;
  event.add("text", v1::PLACEMENT_DATA_LOC, v1::CONVERSION_STRING, 0, 4);
  event.add("relative", v1::PLACEMENT_REL_LOC, v1::CONVERSION_BYTES, 4, 4);
  const Decoder decoder = event.decoder();
  const auto text = [&](std::string_view raw) {
    return std::string(Record(decoder).read(bytes(raw)).text(decoder.field("text")));
  };
  EXPECT_EQ(text("\x08\0\4\0\0\0\2\0abc\0"sv), "abc");
  EXPECT_EQ(text("\x08\0\5\0\0\0\2\0abc\0"sv), "") << "one byte too long";
  EXPECT_EQ(text("\xff\xff\xff\xff\0\0\2\0abc\0"sv), "");
  const std::string_view raw = "\x0c\0\0\0\2\0\2\0abcd"sv;
  Record record(decoder);
  record.read(bytes(raw));
  EXPECT_TRUE(record.has(decoder.field("text"))) << "nothing, at the very end, is within";
  EXPECT_EQ(record.bytes(decoder.field("relative")).size(), 2U);
  EXPECT_EQ(record.bytes(decoder.field("relative"))[0], std::byte{'c'});
}

TEST(Decoding, TextIsCutAtItsNulAndIsAlwaysUtf8) {
  Event event;
  event.add("comm", v1::PLACEMENT_FIXED, v1::CONVERSION_STRING, 0, 16);
  event.add("other", v1::PLACEMENT_REST, v1::CONVERSION_STRING, 16, 0);
  const Decoder decoder = event.decoder();
  const Field comm = decoder.field("comm");
  const Field other = decoder.field("other");
  Record record(decoder);
  const std::string raw("exactly16letters\xe2\x82x\0y", 21);
  record.read(bytes(raw));
  EXPECT_EQ(record.text(comm), "exactly16letters");
  EXPECT_EQ(static_cast<const void*>(record.text(comm).data()), raw.data()) << "it is the record's own";
  const std::string_view mended = record.text(other);
  EXPECT_EQ(mended, "\xef\xbf\xbdx");
  EXPECT_EQ(record.text(other), mended);
  EXPECT_EQ(mended, "\xef\xbf\xbdx") << "it stays until the next record";
  std::string message;
  decoder.append_message(bytes(raw), message);
  EXPECT_EQ(message,
            "\x0a\x10"
            "exactly16letters\x12\x04\xef\xbf\xbdx");
  for (std::size_t length = 0; length <= 16; ++length) {
    std::string padded(length, 'a');
    padded.resize(16, '\0');
    EXPECT_EQ(record.read(bytes(padded)).text(comm), std::string(length, 'a'));
  }
}

TEST(Decoding, ListsAndMasksAreRangesOverTheRecord) {
  Event event(v1::BYTE_ORDER_BIG_ENDIAN, v1::WORD_SIZE_32);
  event.add("list", v1::PLACEMENT_FIXED, v1::CONVERSION_INTEGERS, 0, 5, 2, true);
  event.add("mask", v1::PLACEMENT_FIXED, v1::CONVERSION_BITMASK, 5, 13, 4);
  const Decoder decoder = event.decoder();
  const auto raw = "\xff\xfe\0\1\x7f\0\0\0\1\0\0\0\2\x80\0\0\3\x7f"sv;
  Record record(decoder);
  record.read(bytes(raw));
  const auto list = record.integers(decoder.field("list"));
  EXPECT_EQ(std::vector<std::int64_t>(list.begin(), list.end()), (std::vector<std::int64_t>{-2, 1}));
  const auto mask = record.unsigned_integers(decoder.field("mask"));
  EXPECT_EQ(std::vector<std::uint64_t>(mask.begin(), mask.end()),
            (std::vector<std::uint64_t>{0x200000001, 0x80000003}));
  EXPECT_EQ(mask.size(), 2U);
  EXPECT_EQ(mask[1], 0x80000003U);
}

TEST(Decoding, ArithmeticWrapsWhereCppWouldNotBeDefined) {
  Event event;
  auto& divided = *event.integer("divided", 0, 8).mutable_arithmetic();
  divided.set_divide(-1);
  auto& grown = *event.integer("grown", 0, 8).mutable_arithmetic();
  grown.set_multiply(-1);
  grown.set_add(std::numeric_limits<std::int64_t>::max());
  auto& unsigned_part = *event.integer("unsigned", 0, 8, false).mutable_arithmetic();
  unsigned_part.set_shift_right(60);
  unsigned_part.set_mask(0xc);
  unsigned_part.set_divide(2);
  const Decoder decoder = event.decoder();
  Record record(decoder);
  const std::string raw("\0\0\0\0\0\0\0\x80", 8);
  record.read(bytes(raw));
  constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
  EXPECT_EQ(record.integer(decoder.field("divided")), lowest);
  EXPECT_EQ(record.integer(decoder.field("grown")), -1);
  EXPECT_EQ(record.integer(decoder.field("unsigned")), 4);
}

TEST(Decoding, FieldsAreFoundByNameAndOccurrence) {
  Event event;
  event.integer("twice", 0, 1);
  event.integer("twice", 1, 1);
  event.last_options().set_occurrence(1);
  event.describe("unfilled");
  const Decoder decoder = event.decoder();
  EXPECT_EQ(decoder.field("twice").number(), 1);
  EXPECT_EQ(decoder.find("twice", 1).number(), 2);
  EXPECT_FALSE(decoder.find("twice", 2));
  EXPECT_FALSE(decoder.find("nothing"));
  try {
    (void)decoder.field("nothing");
    FAIL();
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(), "made/event has no field nothing here");
  }
  Record record(decoder);
  record.read("\1\2", 2);
  EXPECT_FALSE(record.has(decoder.field("unfilled")));
  EXPECT_FALSE(record.has(Field())) << "nor has a field that is not there";
  EXPECT_EQ(record.integer(Field()), 0);
  EXPECT_EQ(record.text(Field()), "");
  EXPECT_EQ(record.names(Field()), "");
}

TEST(Decoding, AskingForAnotherKindIsAMistake) {
  Event event;
  event.integer("pid", 0, 4);
  event.add("comm", v1::PLACEMENT_FIXED, v1::CONVERSION_STRING, 0, 4);
  const Decoder decoder = event.decoder();
  const Record record(decoder);
  try {
    (void)record.text(decoder.field("pid"));
    FAIL();
  } catch (const std::invalid_argument& e) {
    EXPECT_STREQ(e.what(), "the field pid is an integer, not a text");
  }
  EXPECT_THROW((void)record.integer(decoder.field("comm")), std::invalid_argument);
  EXPECT_THROW((void)record.integers(decoder.field("comm")), std::invalid_argument);
  EXPECT_THROW((void)record.bytes(decoder.field("pid")), std::invalid_argument);
  EXPECT_THROW((void)decoder.field("pid").symbols(0), std::out_of_range);
}

TEST(Decoding, NamesAreThoseThatTheKernelPrints) {
  Event event(v1::BYTE_ORDER_LITTLE_ENDIAN, v1::WORD_SIZE_32);
  event.integer("state", 0, 4);
  auto& flags = *event.last_options().add_symbols();
  flags.set_match(v1::SYMBOL_MATCH_FLAGS);
  flags.set_mask(0xff);
  flags.set_delimiter("|");
  for (const auto& [value, name] : {std::pair(1, "S"), std::pair(2, "D"), std::pair(3, "SD")}) {
    auto& symbol = *flags.add_symbols();
    symbol.set_value(value);
    symbol.set_name(name);
  }
  auto& values = *event.last_options().add_symbols();
  values.set_match(v1::SYMBOL_MATCH_VALUE);
  values.set_mask(~0ULL);
  auto& symbol = *values.add_symbols();
  symbol.set_value(-1);
  symbol.set_name("NONE");
  const Decoder decoder = event.decoder();
  const Field state = decoder.field("state");
  Record record(decoder);
  EXPECT_EQ(record.read("\3\0\0\0", 4).names(state), "S|D");
  EXPECT_EQ(record.read("\x42\1\0\0", 4).names(state), "D|0x40");
  EXPECT_EQ(record.read("\0\1\0\0", 4).names(state), "");
  EXPECT_EQ(record.read("\xff\xff\xff\xff", 4).names(state, 1), "NONE") << "compared in 32 bits";
  EXPECT_EQ(record.read("\x10\0\0\0", 4).names(state, 1), "0x10");
  EXPECT_EQ(record.names(state, 2), "");
}

TEST(Decoding, ADecoderMayGoBeforeItsRecord) {
  auto decoder = std::make_unique<Decoder>([] {
    Event event;
    event.integer("pid", 0, 4);
    return event.decoder();
  }());
  const Field pid = decoder->field("pid");
  Record record(*decoder);
  decoder.reset();
  EXPECT_EQ(record.read("\7\0\0\0", 4).integer(pid), 7);
}

TEST(Plans, ThatAreNoneAreRefusedWithOperationAndReason) {
  const auto refusal = [](const std::function<void(v1::EventReading&)>& spoil) {
    Event event;
    event.integer("fine", 0, 4);
    event.integer("pid", 4, 4);
    spoil(event.reading);
    try {
      (void)event.decoder();
      return std::string();
    } catch (const BadPlan& e) {
      return std::string(e.what());
    }
  };
  const auto operation = [](v1::EventReading& reading) -> v1::DecodeOperation& {
    return *reading.mutable_decode_plan()->mutable_operations(1);
  };
  EXPECT_EQ(refusal([](auto&) {}), "");
  EXPECT_EQ(refusal([&](auto& r) { operation(r).set_field_number(0); }),
            "the decode plan of made/event: operations[1]: expected a field number from 1 to 536870911 but found 0");
  EXPECT_EQ(refusal([&](auto& r) { operation(r).set_field_number(1); }),
            "the decode plan of made/event: operations[1]: another has the field number 1");
  EXPECT_EQ(refusal([&](auto& r) { operation(r).set_element_size(3); }),
            "the decode plan of made/event: operations[1]: expected integers of 1, 2, 4 or 8 bytes but found 3");
  EXPECT_EQ(refusal([&](auto& r) { operation(r).set_placement(static_cast<v1::Placement>(9)); }),
            "the decode plan of made/event: operations[1]: unknown placement 9");
  EXPECT_EQ(refusal([](auto& r) { r.mutable_decode_plan()->clear_byte_order(); }),
            "the decode plan of made/event: unknown byte order 0");
  EXPECT_EQ(refusal([](auto& r) { r.set_message_name("made.Other"); }),
            "the file made/event.proto of made/event has no message made.Other");
}

/// What random plans and records are made of.
class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}

  unsigned below(unsigned bound) { return static_cast<unsigned>(engine_() % bound); }
  template <class T>
  T of(std::initializer_list<T> things) {
    return *(things.begin() + below(static_cast<unsigned>(things.size())));
  }
  std::string record(std::size_t size) {
    std::string bytes(size, '\0');
    for (char& byte : bytes) {
      // Small numbers make locations that point into the record.
      byte = static_cast<char>(of({below(256), below(64), 0U, 0U}));
    }
    return bytes;
  }

 private:
  std::mt19937 engine_;
};

Event random_event(Random& random) {
  Event event(random.of({v1::BYTE_ORDER_LITTLE_ENDIAN, v1::BYTE_ORDER_BIG_ENDIAN}),
              random.of({v1::WORD_SIZE_32, v1::WORD_SIZE_64}));
  const unsigned fields = 1 + random.below(8);
  for (unsigned i = 0; i < fields; ++i) {
    const auto placement =
        random.of({v1::PLACEMENT_FIXED, v1::PLACEMENT_DATA_LOC, v1::PLACEMENT_REL_LOC, v1::PLACEMENT_REST});
    const auto conversion = static_cast<v1::Conversion>(1 + random.below(6));
    const unsigned size = placement == v1::PLACEMENT_FIXED  ? random.below(40)
                          : placement == v1::PLACEMENT_REST ? 0
                                                            : random.of({2U, 4U});
    auto& operation = event.add("field", placement, conversion, random.below(48), size, random.of({1U, 2U, 4U, 8U}),
                                random.below(2) == 0);
    event.last_options().set_occurrence(i);
    if (conversion == v1::CONVERSION_INTEGER && random.below(3) == 0) {
      auto& arithmetic = *operation.mutable_arithmetic();
      arithmetic.set_shift_right(random.below(64));
      arithmetic.set_mask(random.of({0ULL, 1ULL, ~0ULL}));
      arithmetic.set_multiply(random.of({0L, -1L, std::numeric_limits<long>::min()}));
      arithmetic.set_divide(random.of({0L, -1L, 1000L, std::numeric_limits<long>::min()}));
      arithmetic.set_add(random.of({0L, 1L, std::numeric_limits<long>::max()}));
    }
  }
  return event;
}

/// Protobuf's own runtime reads the message, finds the values that the record has, and writes the same bytes.
TEST(Fuzz, MessagesOfRandomPlansAndRecordsAreWhatProtobufWouldWrite) {
  Random random(20261123);
  for (int round = 0; round < 3000; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const Event event = random_event(random);
    const Decoder decoder = event.decoder();
    google::protobuf::DescriptorPool pool(google::protobuf::DescriptorPool::generated_pool());
    google::protobuf::FileDescriptorProto file = event.reading.file();
    for (auto& field : *file.mutable_message_type(0)->mutable_field()) {
      field.clear_options();
    }
    const auto* descriptor = pool.BuildFile(file)->message_type(0);
    google::protobuf::DynamicMessageFactory factory(&pool);
    const std::unique_ptr<google::protobuf::Message> message(factory.GetPrototype(descriptor)->New());
    const auto& reflection = *message->GetReflection();
    for (int i = 0; i < 4; ++i) {
      const std::string text = random.record(random.below(100));
      const std::vector<char> raw(text.begin(), text.end());  // of just this size, for AddressSanitizer
      std::string written;
      decoder.append_message(bytes({raw.data(), raw.size()}), written);
      ASSERT_TRUE(message->ParseFromString(written));
      EXPECT_EQ(message->SerializeAsString(), written);
      EXPECT_TRUE(reflection.GetUnknownFields(*message).empty());
      Record record(decoder);
      record.read(raw.data(), raw.size());
      for (const Field field : decoder.fields()) {
        const auto* of = descriptor->FindFieldByNumber(field.number());
        switch (field.kind()) {
          case FieldKind::integer:
            EXPECT_EQ(record.integer(field), field.is_signed()
                                                 ? reflection.GetInt64(*message, of)
                                                 : static_cast<std::int64_t>(reflection.GetUInt64(*message, of)));
            break;
          case FieldKind::boolean:
            EXPECT_EQ(record.boolean(field), reflection.GetBool(*message, of));
            break;
          case FieldKind::text:
            EXPECT_EQ(record.text(field), reflection.GetString(*message, of));
            break;
          case FieldKind::bytes: {
            const auto found = record.bytes(field);
            EXPECT_EQ(std::string(reinterpret_cast<const char*>(found.data()), found.size()),
                      reflection.GetString(*message, of));
            break;
          }
          case FieldKind::integers:
          case FieldKind::bitmask: {
            const auto list = record.unsigned_integers(field);
            ASSERT_EQ(static_cast<int>(list.size()), reflection.FieldSize(*message, of));
            for (int at = 0; at < reflection.FieldSize(*message, of); ++at) {
              EXPECT_EQ(list[static_cast<std::size_t>(at)],
                        of->type() == google::protobuf::FieldDescriptor::TYPE_INT64
                            ? static_cast<std::uint64_t>(reflection.GetRepeatedInt64(*message, of, at))
                            : reflection.GetRepeatedUInt64(*message, of, at));
            }
          }
        }
      }
    }
  }
}

/// Nothing that a registry or a kernel can say makes more than an exception of it.
TEST(Fuzz, DamagedPlansAreRefusedOrRun) {
  const google::protobuf::LogSilencer silencer;  // of each name that is no UTF-8
  Random random(5);
  int run = 0;
  for (int round = 0; round < 4000; ++round) {
    Event event = random_event(random);
    std::string damaged = event.reading.decode_plan().SerializeAsString();
    for (unsigned i = random.below(4); i > 0; --i) {
      damaged[random.below(static_cast<unsigned>(damaged.size()))] = static_cast<char>(random.below(256));
    }
    v1::DecodePlan plan;
    if (!plan.ParseFromString(damaged)) {
      continue;
    }
    *event.reading.mutable_decode_plan() = plan;
    try {
      const Decoder decoder = event.decoder();
      const std::string text = random.record(random.below(100));
      const std::vector<char> raw(text.begin(), text.end());
      std::string written;
      decoder.append_message(bytes({raw.data(), raw.size()}), written);
      ++run;
    } catch (const BadPlan&) {
    }
  }
  EXPECT_GT(run, 1000);
}

}  // namespace
}  // namespace tracery
