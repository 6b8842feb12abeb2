// Against the real server that the environment names: see clients/README.md.

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "test_kit.h"
#include "tracery/tracery.h"

namespace tracery {
namespace {

const char* const event = "sched/sched_switch";

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string joined(const std::vector<std::string>& sentences) {
  std::string text;
  for (const std::string& sentence : sentences) {
    text += sentence + "\n";
  }
  return text;
}

/// The kernel whose tracefs and identity are given.
SeenKernel kernel() {
  google::protobuf::Struct json;
  const auto status = google::protobuf::util::JsonStringToMessage(environment("TRACERY_TEST_IDENTITY"), &json);
  EXPECT_TRUE(status.ok()) << "TRACERY_TEST_IDENTITY: " << status;
  const auto& fields = json.fields();
  // Numbers may come as such or as text.
  const auto number = [&](const char* name) {
    const auto& value = fields.at(name);
    return value.has_number_value() ? static_cast<int>(value.number_value()) : std::stoi(value.string_value());
  };
  return SeenKernel::copy(
      environment("TRACERY_TEST_TRACEFS"),
      kernel_identity(fields.at("release").string_value(), fields.at("build").string_value(),
                      fields.at("machine").string_value(), number("bits"),
                      fields.at("order").string_value() == "big" ? std::endian::big : std::endian::little,
                      static_cast<std::uint32_t>(number("page_size"))));
}

class Integration : public testing::Test {
 protected:
  void SetUp() override {
    if (environment("TRACERY_TEST_SERVER").empty()) {
      GTEST_SKIP() << "TRACERY_TEST_SERVER is not set";
    }
    client.emplace(Client::connect(environment("TRACERY_TEST_SERVER")));
  }

  static NegotiateOptions question() {
    NegotiateOptions options;
    options.cache.reset();
    options.dry_run = true;
    return options;
  }

  static Tool tool() {
    Tool tool("cpp-integration", "1.0");
    tool.needs(event, {"prev_comm", "prev_pid"}, {"prev_state", "no_such_field"});
    return tool;
  }

  std::optional<Client> client;
};

TEST_F(Integration, AToolNegotiatesAndDecodes) {
  const Negotiated negotiated = client->negotiate(tool(), kernel(), question());
  EXPECT_EQ(negotiated.outcome(), v1::RUN_OUTCOME_DEGRADED);
  EXPECT_TRUE(test::contains(joined(negotiated.warnings()), "sched/sched_switch.no_such_field: "));
  EXPECT_NE(negotiated.id(event), 0U);
  const Decoder decoder = negotiated.decoder(event);
  Record record(decoder);
  const std::string raw(256, '\1');
  record.read(raw.data(), raw.size());
  EXPECT_EQ(record.integer(decoder.field("prev_pid")), 0x01010101);
  EXPECT_EQ(record.text(decoder.field("prev_comm")), std::string(16, '\1'));
  EXPECT_FALSE(record.names(decoder.field("prev_state")).empty());
}

TEST_F(Integration, AToolIsRefusedWithReasons) {
  Tool demanding("cpp-integration", "2.0");
  demanding.needs(event, {"no_such_field"});
  try {
    client->negotiate(demanding, kernel(), question());
    FAIL();
  } catch (const Refused& e) {
    EXPECT_TRUE(test::contains(joined(e.reasons()), "sched/sched_switch.no_such_field: "));
    EXPECT_TRUE(test::contains(e.what(), "sched/sched_switch.no_such_field: ")) << e.what();
  }
}

TEST_F(Integration, TheRegistryAnswersItsCalls) {
  const std::string series = environment("TRACERY_TEST_SERIES");
  std::vector<v1::Kernel> kernels;
  for (const v1::Kernel& found : client->kernels()) {
    kernels.push_back(found);
  }
  ASSERT_GE(kernels.size(), 2U);
  EXPECT_EQ(client->status().kernel_count(), kernels.size());
  EXPECT_TRUE(client->kernels(series).next());
  const std::string release = kernel().identity().release();
  const v1::Kernel ours = client->kernel(release);
  EXPECT_EQ(ours.identity().release(), release);
  std::size_t events = 0;
  for (const v1::KernelEvent& found : client->events(ours.id())) {
    events += found.id() > 0 ? 1 : 0;
  }
  EXPECT_EQ(events, ours.event_count());

  v1::GetSchemaRequest schema;
  schema.set_event(event);
  schema.add_parts(v1::SCHEMA_PART_PROTO);
  EXPECT_TRUE(test::contains(client->schema(schema).proto(), "message SchedSwitch"));

  v1::DiffKernelsRequest kernels_diff;
  kernels_diff.set_from_kernel(kernels[0].id());
  kernels_diff.set_to_kernel(kernels[1].id());
  EXPECT_GT(client->diff(kernels_diff).events_size(), 0);
  v1::DiffSchemasRequest schemas_diff;
  schemas_diff.set_event(event);
  schemas_diff.set_from_version(1);
  schemas_diff.set_to_version(1);
  EXPECT_EQ(client->diff(schemas_diff).diff().changes_size(), 0);

  EXPECT_GT(client->who_uses("*").revision(), 0U);
  EXPECT_EQ(client->check(kernel(), series).report().series(), series);
  const auto registered =
      client->register_kernel(kernel(), {.series = series, .validate_only = true, .types = nullptr});
  EXPECT_FALSE(registered.created());
  EXPECT_EQ(registered.kernel().id(), ours.id());
  const auto fresh = client->freshness();
  ASSERT_TRUE(fresh);
  EXPECT_GE(fresh->revision, registered.revision());
  EXPECT_TRUE(fresh->store_reachable);
  try {
    (void)client->kernel("no-such-kernel");
    FAIL();
  } catch (const CallFailed& e) {
    EXPECT_EQ(e.code(), StatusCode::not_found);
    EXPECT_EQ(e.details().resource_name, "no-such-kernel");
  }
}

TEST_F(Integration, ChangesAreWatchedFromAnyRevision) {
  Watcher all = client->watch(0);
  const auto first = all.next();
  const auto second = all.next();
  ASSERT_TRUE(first && second);
  EXPECT_LT(first->revision(), second->revision());
  EXPECT_EQ(client->watch(first->revision()).next()->revision(), second->revision());
}

TEST_F(Integration, ATraceIsTranslated) {
  v1::TranslateStart start;
  start.mutable_file()->set_name("trace.dat");
  Translation trace = client->translate(start);
  std::ifstream file(environment("TRACERY_TEST_TRACE"), std::ios::binary);
  trace.send_file(file);
  std::uint64_t events = 0;
  std::set<std::uint32_t> schemas;
  std::optional<v1::TraceEnd> end;
  for (const v1::TraceItem& item : trace) {
    events += static_cast<std::uint64_t>(item.events().events_size());
    if (item.has_schema()) {
      schemas.insert(item.schema().index());
    }
    for (const v1::TraceEvent& found : item.events().events()) {
      EXPECT_TRUE(schemas.contains(found.schema()));
    }
    if (item.has_end()) {
      end = item.end();
    }
  }
  ASSERT_TRUE(end);
  EXPECT_EQ(end->events(), events);
  EXPECT_EQ(std::to_string(events), environment("TRACERY_TEST_TRACE_EVENTS"));
}

TEST_F(Integration, TlsAndATokenLetTheToolIn) {
  const std::string server = environment("TRACERY_TEST_TLS_SERVER");
  if (server.empty()) {
    GTEST_SKIP() << "TRACERY_TEST_TLS_SERVER is not set";
  }
  ClientOptions options;
  options.tls = Tls{.ca_file = environment("TRACERY_TEST_CA"), .certificate_file = {}, .key_file = {}};
  try {
    (void)Client::connect(server, options).status();
    FAIL() << "without a token";
  } catch (const CallFailed& e) {
    EXPECT_EQ(e.code(), StatusCode::unauthenticated);
  }
  options.token = environment("TRACERY_TEST_TOKEN");
  const Client client = Client::connect(server, options);
  EXPECT_GT(client.status().kernel_count(), 0U);
  EXPECT_EQ(client.negotiate(tool(), kernel(), question()).source(), Source::registry);
  options.tls.reset();
  EXPECT_THROW((void)Client::connect(server, options).status(), Unreachable) << "in plain text";
}

}  // namespace
}  // namespace tracery
