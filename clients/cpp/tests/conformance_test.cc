// The data of clients/conformance: see README.md there.

#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <mutex>

#include "conformance.pb.h"
#include "format_text.h"
#include "test_kit.h"
#include "test_server.h"
#include "tracery/tracery.h"
#include "tracery/v1/negotiation_service.grpc.pb.h"

namespace tracery {
namespace {

namespace vectors = conformance::v1;
using test::bytes;
using test::TempFolder;

template <class Vectors>
Vectors read(const std::string& name) {
  Vectors vectors;
  const auto status = google::protobuf::util::JsonStringToMessage(
      test::read_file(std::filesystem::path(CONFORMANCE_DIR) / name), &vectors);
  EXPECT_TRUE(status.ok()) << name << ": " << status;
  return vectors;
}

/// Counts the cases that pass, for the file that TRACERY_CONFORMANCE_REPORT names.
class Report : public testing::Environment {
 public:
  static Report& get() {
    static auto* report = new Report;
    return *report;
  }

  template <class Check>
  void count(const std::string& kind, const std::string& name, const Check& check) {
    SCOPED_TRACE(kind + ": " + name);
    Counts& counts = counts_[kind];
    ++counts.cases;
    const int before = failures();
    try {
      check();
    } catch (const std::exception& e) {
      ADD_FAILURE() << "throws " << e.what();
    }
    counts.passed += failures() == before ? 1 : 0;
  }

  void TearDown() override {
    const char* file = std::getenv("TRACERY_CONFORMANCE_REPORT");
    if (file == nullptr || *file == '\0') {
      return;
    }
    std::ofstream out(file);
    for (const char* kind : {"layouts", "plans", "records", "negotiations"}) {
      out << kind << '\t' << counts_[kind].cases << '\t' << counts_[kind].passed << '\n';
    }
  }

 private:
  struct Counts {
    int cases = 0;
    int passed = 0;
  };

  static int failures() {
    const testing::TestResult& result = *testing::UnitTest::GetInstance()->current_test_info()->result();
    int failed = 0;
    for (int i = 0; i < result.total_part_count(); ++i) {
      failed += result.GetTestPartResult(i).failed() ? 1 : 0;
    }
    return failed;
  }

  std::map<std::string, Counts> counts_;
};

[[maybe_unused]] const testing::Environment* const registered = testing::AddGlobalTestEnvironment(&Report::get());

TEST(Conformance, EachLayoutHasItsHashAndId) {
  const auto data = read<vectors::LayoutVectors>("layouts.json");
  for (const auto& layout : data.cases()) {
    Report::get().count("layouts", layout.name(), [&] {
      v1::KernelIdentity kernel;
      kernel.set_word_size(layout.word_size());
      kernel.set_byte_order(layout.byte_order());
      EXPECT_EQ(detail::layout_hash(layout.text(), kernel), layout.hash());
      EXPECT_EQ(detail::format_id(layout.text()), layout.id());
    });
  }
}

v1::EventReading reading(const vectors::PlanCase& plan) {
  v1::EventReading reading;
  reading.set_event(plan.plan().event());
  reading.set_layout_hash(plan.plan().layout_hash());
  reading.set_schema_version(plan.plan().schema_version());
  reading.set_message_name(plan.message_name());
  *reading.mutable_decode_plan() = plan.plan();
  EXPECT_TRUE(reading.mutable_file()->ParseFromString(plan.file()));
  return reading;
}

/// A field's value as the vectors have it.
vectors::FieldValue value(const Record& record, Field field) {
  vectors::FieldValue value;
  value.set_number(field.number());
  value.set_name(field.name());
  value.set_occurrence(field.occurrence());
  switch (field.kind()) {
    case FieldKind::integer:
      if (field.is_signed()) {
        value.set_signed_integer(record.integer(field));
      } else {
        value.set_unsigned_integer(record.unsigned_integer(field));
      }
      for (std::size_t table = 0; table < field.symbol_tables(); ++table) {
        std::vector<std::string_view> names;
        auto& symbols = *value.add_symbols();
        symbols.set_rest(field.symbols(table).match(record.integer(field), names));
        for (const std::string_view name : names) {
          symbols.add_names(std::string(name));
        }
      }
      break;
    case FieldKind::boolean:
      value.set_boolean(record.boolean(field));
      break;
    case FieldKind::text:
      value.set_text(std::string(record.text(field)));
      break;
    case FieldKind::bytes:
      value.set_data(record.bytes(field).data(), record.bytes(field).size());
      break;
    case FieldKind::integers:
    case FieldKind::bitmask:
      if (field.is_signed() && field.kind() == FieldKind::integers) {
        value.mutable_signed_list();
        for (const std::int64_t element : record.integers(field)) {
          value.mutable_signed_list()->add_values(element);
        }
      } else {
        value.mutable_unsigned_list();
        for (const std::uint64_t element : record.unsigned_integers(field)) {
          value.mutable_unsigned_list()->add_values(element);
        }
      }
  }
  return value;
}

TEST(Conformance, EachRecordBecomesItsValuesAndItsMessage) {
  const auto data = read<vectors::RecordVectors>("records.json");
  for (const auto& plan : data.plans()) {
    if (!plan.refused().empty()) {
      Report::get().count("plans", plan.name(), [&] {
        try {
          const Decoder decoder(reading(plan));
          ADD_FAILURE() << "is not refused, though: " << plan.refused();
        } catch (const BadPlan& e) {
          EXPECT_TRUE(test::contains(e.what(), "plan of ")) << e.what();
        }
      });
      continue;
    }
    for (const auto& example : plan.records()) {
      Report::get().count("records", plan.name() + ": " + example.name(), [&] {
        const Decoder decoder(reading(plan));
        // Why a copy of just this size: AddressSanitizer sees what is read behind it.
        const std::vector<char> exact(example.record().begin(), example.record().end());
        Record record(decoder);
        record.read(exact.data(), exact.size());
        vectors::RecordCase found;
        for (const Field field : decoder.fields()) {
          if (record.has(field)) {
            *found.add_fields() = value(record, field);
          }
          if (field.occurrence() == 0) {
            EXPECT_EQ(decoder.field(field.name()).number(), field.number());
          }
          EXPECT_EQ(decoder.find(field.name(), field.occurrence()).number(), field.number());
        }
        *found.mutable_record() = example.record();
        found.set_name(example.name());
        decoder.append_message(bytes({exact.data(), exact.size()}), *found.mutable_message());
        std::string differences;
        google::protobuf::util::MessageDifferencer differencer;
        differencer.ReportDifferencesToString(&differences);
        EXPECT_TRUE(differencer.Compare(example, found)) << differences;
      });
    }
  }
}

/// Answers as a case says, and notes what it was asked.
class ScriptedRegistry final : public v1::NegotiationService::Service {
 public:
  void expect(const vectors::Start& start) {
    const std::lock_guard lock(mutex_);
    exchanges_.assign(start.exchanges().begin(), start.exchanges().end());
    unexpected_ = 0;
  }

  void expect_done() {
    const std::lock_guard lock(mutex_);
    EXPECT_EQ(exchanges_.size(), 0U) << "calls that were not made";
    EXPECT_EQ(unexpected_, 0) << "calls that nobody expects";
  }

  grpc::Status Negotiate(grpc::ServerContext* /*context*/, const v1::NegotiateRequest* request,
                         v1::NegotiateResponse* response) override {
    const std::lock_guard lock(mutex_);
    if (exchanges_.empty()) {
      ++unexpected_;
      return {grpc::StatusCode::INTERNAL, "nobody expects this call"};
    }
    const vectors::Exchange exchange = exchanges_.front();
    exchanges_.pop_front();
    std::string differences;
    google::protobuf::util::MessageDifferencer differencer;
    differencer.ReportDifferencesToString(&differences);
    EXPECT_TRUE(differencer.Compare(exchange.request(), *request)) << differences;
    if (exchange.answer_case() == vectors::Exchange::kStatus) {
      return {static_cast<grpc::StatusCode>(exchange.status()), "as the case says"};
    }
    EXPECT_TRUE(response->ParseFromString(exchange.response()));
    return grpc::Status::OK;
  }

 private:
  std::mutex mutex_;
  std::deque<vectors::Exchange> exchanges_;
  int unexpected_ = 0;
};

std::vector<std::string> list(const google::protobuf::RepeatedPtrField<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

/// WHY is the library's own.
std::vector<std::string> without_why(std::vector<std::string> warnings) {
  const std::string lead = "the registry cannot be reached (";
  for (std::string& warning : warnings) {
    const std::size_t end = warning.find("); going by its answer of ");
    if (warning.starts_with(lead) && end != std::string::npos) {
      warning.replace(lead.size(), end - lead.size(), "...");
    }
  }
  return warnings;
}

void expect_started(const vectors::Started& expected, const Negotiated& negotiated) {
  EXPECT_EQ(expected.outcome(), negotiated.outcome());
  EXPECT_EQ(static_cast<int>(expected.source()), static_cast<int>(negotiated.source()) + 1);
  EXPECT_EQ(list(expected.reasons()), negotiated.reasons());
  EXPECT_EQ(list(expected.warnings()), without_why(negotiated.warnings()));
  EXPECT_EQ(list(expected.notes()), negotiated.notes());
  EXPECT_EQ(list(expected.events()), negotiated.events());
  for (const std::string& event : negotiated.events()) {
    EXPECT_EQ(negotiated.decoder(event).event(), event);
  }
}

void start(const Client& client, const v1::Consumer& tool, const SeenKernel& kernel, const NegotiateOptions& options,
           const vectors::Started& expected) {
  try {
    const Negotiated negotiated = client.negotiate(tool, kernel, options);
    EXPECT_EQ(expected.kind(), vectors::KIND_STARTED);
    expect_started(expected, negotiated);
  } catch (const Refused& e) {
    EXPECT_EQ(expected.kind(), vectors::KIND_REFUSED) << e.what();
    expect_started(expected, e.negotiated());
    for (const std::string& reason : expected.reasons()) {
      EXPECT_TRUE(test::contains(e.what(), reason)) << e.what();
    }
  } catch (const Unreachable& e) {
    EXPECT_EQ(expected.kind(), vectors::KIND_UNREACHABLE) << e.what();
  } catch (const CallFailed& e) {
    EXPECT_EQ(expected.kind(), vectors::KIND_FAILED) << e.what();
    EXPECT_EQ(expected.status(), static_cast<unsigned>(e.code()));
  }
}

void negotiate(const vectors::NegotiationCase& example) {
  const TempFolder folder;
  const std::filesystem::path cache = folder.path() / "cache";
  const std::filesystem::path events = folder.path() / "tracefs" / "events";
  std::filesystem::create_directories(events);
  std::filesystem::create_directories(cache);
  std::filesystem::permissions(cache, std::filesystem::perms::owner_all);
  for (const auto& format : example.formats()) {
    test::write_file(events / format.event() / "format", format.text());
  }
  for (const std::string& event : example.unreadable()) {
    std::filesystem::create_directories(events / event / "format");
  }
  ScriptedRegistry registry;
  const test::TestServer server({&registry});
  const Client client = Client::connect(server.address());
  const SeenKernel kernel = SeenKernel::copy(folder.path() / "tracefs", example.kernel());
  for (int i = 0; i < example.starts_size(); ++i) {
    SCOPED_TRACE("start " + std::to_string(i));
    const auto& expected = example.starts(i);
    if (expected.has_kept()) {
      test::write_file(cache / expected.kept_name(), expected.kept());
    }
    NegotiateOptions options;
    options.cache = cache;
    options.dry_run = expected.dry_run();
    options.log = [](const std::string&) {};
    options.clock = [&] {
      return std::chrono::system_clock::time_point(std::chrono::seconds(expected.time().seconds()) +
                                                   std::chrono::nanoseconds(expected.time().nanos()));
    };
    registry.expect(expected);
    start(client, example.tool(), kernel, options, expected.result());
    registry.expect_done();
    EXPECT_EQ(std::filesystem::exists(cache / expected.kept_name()), expected.is_kept());
  }
}

TEST(Conformance, EachToolStartsAsItShould) {
  const auto data = read<vectors::NegotiationVectors>("negotiations.json");
  for (const auto& example : data.cases()) {
    Report::get().count("negotiations", example.name(), [&] { negotiate(example); });
  }
}

}  // namespace
}  // namespace tracery
