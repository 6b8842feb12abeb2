#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <thread>

#include "test_kit.h"
#include "test_server.h"
#include "tracery/tracery.h"
#include "tracery/v1/negotiation_service.grpc.pb.h"

namespace tracery {
namespace {

using test::TempFolder;
using test::TestServer;

/// Answers with a status as often as it is told, then accepts.
class Registry final : public v1::NegotiationService::Service {
 public:
  explicit Registry(int refusals = 0, grpc::StatusCode code = grpc::StatusCode::UNAVAILABLE)
      : refusals_(refusals), code_(code) {}

  grpc::Status Negotiate(grpc::ServerContext* context, const v1::NegotiateRequest* request,
                         v1::NegotiateResponse* response) override {
    const std::lock_guard lock(mutex_);
    ++calls;
    last = *request;
    for (const auto& [name, value] : context->client_metadata()) {
      metadata[std::string(name.data(), name.size())] = std::string(value.data(), value.size());
    }
    if (refusals_-- > 0) {
      return {code_, "not now"};
    }
    response->set_outcome(v1::RUN_OUTCOME_ACCEPTED);
    response->mutable_cache_for()->set_seconds(60);
    return grpc::Status::OK;
  }

  int calls = 0;
  v1::NegotiateRequest last;
  std::map<std::string, std::string> metadata;

 private:
  std::mutex mutex_;
  int refusals_;
  grpc::StatusCode code_;
};

SeenKernel kernel() {
  return SeenKernel::texts(
      {{"sched/sched_switch", "name: sched_switch\nID: 7\n"}, {"irq/irq_handler_entry", "ID: 8\n"}},
      kernel_identity("6.1", "#1", "x86_64", 64, std::endian::little, 4096));
}

Tool tool() {
  Tool tool("mytool", "1.0");
  tool.needs("sched/sched_switch", {"prev_pid"}, {"prev_state"}).wants("power/cpu_idle").needs("sched/sched_switch");
  return tool;
}

NegotiateOptions without_cache() {
  NegotiateOptions options;
  options.cache.reset();
  return options;
}

TEST(Negotiating, SendsWhatTheToolNeedsAndWhatTheKernelHas) {
  Registry registry;
  const TestServer server({&registry});
  ClientOptions options;
  options.token = "secret";
  options.user_agent = "mytool/1.0";
  const Negotiated negotiated = Client::connect(server.address(), options).negotiate(tool(), kernel(), without_cache());
  EXPECT_EQ(negotiated.source(), Source::registry);
  EXPECT_EQ(negotiated.id("sched/sched_switch"), 7U);
  EXPECT_EQ(negotiated.id("power/cpu_idle"), 0U);
  ASSERT_EQ(registry.last.events_size(), 1) << "each event that is there, once, and no other";
  EXPECT_EQ(registry.last.events(0).event(), "sched/sched_switch");
  EXPECT_EQ(registry.last.events(0).text(), "");
  const auto& use = registry.last.tool().requirements(0).any_of(0);
  EXPECT_EQ(use.access(), v1::ACCESS_CLASS_BY_NAME);
  EXPECT_FALSE(use.fields(0).optional());
  EXPECT_TRUE(use.fields(1).optional());
  EXPECT_TRUE(registry.last.tool().requirements(1).optional());
  EXPECT_EQ(registry.metadata["authorization"], "Bearer secret");
  EXPECT_EQ(registry.metadata["user-agent"].substr(0, 26), "mytool/1.0 tracery-cpp/0.1");
}

TEST(Negotiating, AsksTheNextAddressWhenOneIsNotThere) {
  Registry busy(100);
  Registry registry;
  const TestServer first({&busy});
  const TestServer second({&registry});
  const Client client = Client::connect("localhost:1," + first.address() + "," + second.address());
  client.negotiate(tool(), kernel(), without_cache());
  EXPECT_EQ(busy.calls, 1);
  EXPECT_EQ(registry.calls, 1);
  client.negotiate(tool(), kernel(), without_cache());
  EXPECT_EQ(busy.calls, 1) << "it stays with the one that answers";
}

TEST(Negotiating, FindsARegistryByItsName) {
  Registry registry;
  const TestServer server({&registry});
  Client::connect("localhost:" + std::to_string(server.port())).negotiate(tool(), kernel(), without_cache());
  EXPECT_EQ(registry.calls, 1);
}

TEST(Negotiating, TriesThreeTimesMoreAndNoOtherStatusAgain) {
  Registry busy(100);
  const TestServer first({&busy});
  EXPECT_THROW(Client::connect(first.address()).negotiate(tool(), kernel(), without_cache()), Unreachable);
  EXPECT_EQ(busy.calls, 4);
  Registry full(100, grpc::StatusCode::RESOURCE_EXHAUSTED);
  const TestServer second({&full});
  try {
    Client::connect(second.address()).negotiate(tool(), kernel(), without_cache());
    FAIL();
  } catch (const CallFailed& e) {
    EXPECT_EQ(e.code(), StatusCode::resource_exhausted);
    EXPECT_STREQ(e.what(), "not now");
  }
  EXPECT_EQ(full.calls, 1);
}

TEST(Negotiating, SaysThatNothingListensAndThatNothingIsKept) {
  TempFolder folder;
  NegotiateOptions options;
  options.cache = folder.path() / "answers";
  try {
    Client::connect("127.0.0.1:1").negotiate(tool(), kernel(), options);
    FAIL();
  } catch (const Unreachable& e) {
    EXPECT_EQ(e.what(),
              "the registry cannot be reached (127.0.0.1:1: Connection refused), and there is no answer of an "
              "earlier start of mytool 1.0 on this kernel in " +
                  options.cache->string());
  }
}

TEST(Negotiating, GoesByTheAnswerOfAnEarlierStart) {
  TempFolder folder;
  NegotiateOptions options;
  options.cache = folder.path() / "answers";
  Registry registry;
  TestServer server({&registry});
  const Client client = Client::connect(server.address());
  client.negotiate(tool(), kernel(), options);
  EXPECT_EQ(client.negotiate(tool(), kernel(), options).source(), Source::cache);
  EXPECT_EQ(registry.calls, 1);
  server.stop();
  options.clock = [] { return std::chrono::system_clock::now() + std::chrono::minutes(61); };
  const Negotiated offline = client.negotiate(tool(), kernel(), options);
  EXPECT_EQ(offline.source(), Source::cache_offline);
  ASSERT_EQ(offline.warnings().size(), 1U);
  EXPECT_EQ(offline.warnings()[0], "the registry cannot be reached (" + server.address() +
                                       ": Connection refused); going by its answer of 61 minutes ago");
}

TEST(Negotiating, ARegistryThatDoesNotAnswerIsNotWaitedForLongerThanTheDeadline) {
  class Slow final : public v1::NegotiationService::Service {
    grpc::Status Negotiate(grpc::ServerContext* context, const v1::NegotiateRequest*, v1::NegotiateResponse*) override {
      while (!context->IsCancelled()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      }
      return grpc::Status::CANCELLED;
    }
  } slow;
  const TestServer server({&slow});
  NegotiateOptions options = without_cache();
  options.deadline = std::chrono::milliseconds(100);
  try {
    Client::connect(server.address()).negotiate(tool(), kernel(), options);
    FAIL();
  } catch (const Unreachable& e) {
    EXPECT_EQ(e.code(), StatusCode::deadline_exceeded);
  }
}

}  // namespace
}  // namespace tracery
