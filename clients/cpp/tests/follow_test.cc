#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <deque>
#include <mutex>

#include "rpc_status.pb.h"
#include "test_server.h"
#include "tracery/tracery.h"
#include "tracery/v1/admin_service.grpc.pb.h"
#include "tracery/v1/compatibility_service.grpc.pb.h"
#include "tracery/v1/registry_service.grpc.pb.h"

namespace tracery {
namespace {

using test::TestServer;

grpc::Status refusal(grpc::StatusCode code, const std::string& reason) {
  client::RpcStatus status;
  client::ErrorInfo info;
  info.set_reason(reason);
  auto& detail = *status.add_details();
  detail.set_type_url("type.googleapis.com/google.rpc.ErrorInfo");
  detail.set_value(info.SerializeAsString());
  return {code, "refused", status.SerializeAsString()};
}

/// A port that lets everybody in and says nothing, as a server does that is stopped.
class Mute {
 public:
  Mute() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bind(listening_, reinterpret_cast<const sockaddr*>(&address), size);
    listen(listening_, 100);
    getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  Mute(const Mute&) = delete;
  Mute& operator=(const Mute&) = delete;
  ~Mute() { close(listening_); }
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  int listening_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int port_ = 0;
};

/// A server of a log, which ends calls as it is told and notes what it was asked.
class Follower final : public v1::RegistryService::Service {
 public:
  grpc::Status GetKernel(grpc::ServerContext* context, const v1::GetKernelRequest*,
                         v1::GetKernelResponse* response) override {
    response->mutable_kernel()->set_id(id);
    return ended(context, "GetKernel");
  }

  grpc::Status FindMissingLayouts(grpc::ServerContext* context, const v1::FindMissingLayoutsRequest*,
                                  v1::FindMissingLayoutsResponse*) override {
    note(context, "FindMissingLayouts");
    return grpc::Status::OK;
  }

  grpc::Status RegisterKernel(grpc::ServerContext* context, grpc::ServerReader<v1::RegisterKernelRequest>* reader,
                              v1::RegisterKernelResponse* response) override {
    v1::RegisterKernelRequest part;
    while (reader->Read(&part)) {
      ++parts;
    }
    response->set_created(true);
    return ended(context, "RegisterKernel");
  }

  grpc::Status Watch(grpc::ServerContext* context, const v1::WatchRequest*,
                     grpc::ServerWriter<v1::WatchResponse>* writer) override {
    note(context, "Watch");
    v1::WatchResponse response;
    response.set_revision(3);
    writer->Write(response);
    return grpc::Status::OK;
  }

  grpc::Status ended(grpc::ServerContext* context, const std::string& method) {
    note(context, method);
    const std::lock_guard lock(mutex);
    if (ends.empty()) {
      return grpc::Status::OK;
    }
    grpc::Status end = ends.front();
    ends.pop_front();
    return end;
  }

  void note(grpc::ServerContext* context, const std::string& method) {
    const std::lock_guard lock(mutex);
    for (const auto& [key, value] : says) {
      context->AddInitialMetadata(key, value);
    }
    const auto wanted = context->client_metadata().find("tracery-at-least-revision");
    asked +=
        method + ' ' +
        (wanted == context->client_metadata().end() ? "-" : std::string(wanted->second.data(), wanted->second.size())) +
        "; ";
  }

  std::mutex mutex;
  std::string id = "here";
  std::deque<grpc::Status> ends;
  std::map<std::string, std::string> says;
  std::string asked;
  int parts = 0;
};

class Admin final : public v1::AdminService::Service {
  grpc::Status GetStatus(grpc::ServerContext*, const v1::GetStatusRequest*, v1::GetStatusResponse*) override {
    return grpc::Status::OK;
  }
};

/// Ends checks as its follower does registrations.
class Judge final : public v1::CompatibilityService::Service {
 public:
  explicit Judge(Follower& follower) : follower_(follower) {}
  grpc::Status CheckKernel(grpc::ServerContext* context, grpc::ServerReader<v1::CheckKernelRequest>* reader,
                           v1::CheckKernelResponse* response) override {
    v1::CheckKernelRequest part;
    while (reader->Read(&part)) {
      ++follower_.parts;
    }
    response->set_diagnostic_count(3);
    return follower_.ended(context, "CheckKernel");
  }

 private:
  Follower& follower_;
};

SeenKernel some_kernel() {
  return SeenKernel::texts({{"a/b", "ID: 7\n"}}, kernel_identity("6.1", "#1", "x86_64", 64, std::endian::little, 4096));
}

TEST(Following, PassesOverAnAddressThatIsSilent) {
  const Mute mute;
  Follower follower;
  Admin admin;
  const TestServer server({&follower, &admin});
  const Client client = Client::connect({mute.address(), server.address()});
  EXPECT_EQ(client.kernel("k").id(), "here");
  Watcher watcher = Client::connect({mute.address(), server.address()}).watch(2);
  EXPECT_EQ(watcher.next()->revision(), 3U);
  ClientOptions options;
  options.deadline = std::chrono::milliseconds(300);
  EXPECT_THROW(Client::connect({mute.address(), mute.address()}, options).kernel("k"), CallFailed);
}

TEST(Following, PassesOverAServerThatHasNotReadTheRevision) {
  Follower behind;
  behind.ends = {refusal(grpc::StatusCode::UNAVAILABLE, "REVISION_NOT_HERE")};
  Follower follower;
  const TestServer first({&behind});
  const TestServer second({&follower});
  ClientOptions options;
  options.at_least_revision = 5;
  const Client client = Client::connect({first.address(), second.address()}, options);
  client.at_least(4);
  EXPECT_EQ(client.kernel("k").id(), "here");
  EXPECT_EQ(behind.asked, "GetKernel 5; ");
  EXPECT_EQ(follower.asked, "GetKernel 5; ");
  behind.ends.assign(4, refusal(grpc::StatusCode::UNAVAILABLE, "REVISION_NOT_HERE"));
  try {
    Client::connect(first.address()).kernel("k");
    FAIL();
  } catch (const Unreachable& e) {
    EXPECT_EQ(e.details().reason, "REVISION_NOT_HERE");
  }
}

TEST(Following, AServerThatComesBackIsAskedAgain) {
  Follower follower;
  Follower other;
  other.id = "there";
  auto first = std::make_unique<TestServer>(std::initializer_list<grpc::Service*>{&follower});
  const int port = first->port();
  const TestServer second({&other});
  const Client client = Client::connect({first->address(), second.address()});
  EXPECT_EQ(client.kernel("k").id(), "here");
  first.reset();
  EXPECT_EQ(client.kernel("k").id(), "there");
  first = std::make_unique<TestServer>(std::initializer_list<grpc::Service*>{&follower}, port);
  EXPECT_EQ(client.kernel("k").id(), "there") << "the one that answered last stays the first";
  other.ends.assign(4, {grpc::StatusCode::UNAVAILABLE, "going down"});
  EXPECT_EQ(client.kernel("k").id(), "here");
}

TEST(Following, AClientReadsWhatItWroteAndSaysHowFreshAnswersAre) {
  Follower follower;
  const TestServer server({&follower});
  const Client client = Client::connect(server.address());
  EXPECT_FALSE(client.freshness());
  follower.says = {{"tracery-revision", "8"}, {"tracery-age-ms", "1500"}, {"tracery-store", "unreachable"}};
  client.kernel("k");
  EXPECT_EQ(client.freshness(), (Freshness{8, std::chrono::milliseconds(1500), false}));
  follower.says = {{"tracery-revision", "9"}, {"tracery-age-ms", "0"}};
  client.register_kernel(some_kernel(), {});
  EXPECT_EQ(client.freshness(), (Freshness{9, std::chrono::milliseconds(0), true}));
  follower.says = {{"tracery-revision", "what"}};
  client.kernel("k");
  EXPECT_EQ(client.freshness()->revision, 9U);
  EXPECT_EQ(follower.asked, "GetKernel -; FindMissingLayouts -; RegisterKernel -; GetKernel 9; ");
}

TEST(Following, AKernelIsSentAgainFromItsBeginning) {
  for (const grpc::Status& end : {refusal(grpc::StatusCode::UNAVAILABLE, "STORE_UNAVAILABLE"),
                                  grpc::Status(grpc::StatusCode::UNAVAILABLE, "going down")}) {
    Follower follower;
    Follower other;
    Judge judge(follower);
    Judge another(other);
    const TestServer first({&follower, &judge});
    const TestServer second({&other, &another});
    follower.ends = {end};
    EXPECT_TRUE(Client::connect({first.address(), second.address()}).register_kernel(some_kernel(), {}).created());
    follower.ends = {end};
    EXPECT_EQ(Client::connect({first.address(), second.address()}).check(some_kernel(), "s").diagnostic_count(), 3U);
    const std::string expected = "FindMissingLayouts -; RegisterKernel -; FindMissingLayouts -; CheckKernel -; ";
    EXPECT_EQ(follower.asked, expected);
    EXPECT_EQ(other.asked, expected);
    EXPECT_EQ(follower.parts, 4);
    EXPECT_EQ(other.parts, 4);
  }
}

TEST(Following, AWriteThatMayHaveBeenDoneIsNotSentAgain) {
  Follower follower;
  follower.ends = {refusal(grpc::StatusCode::UNKNOWN, "WRITE_UNCERTAIN")};
  Follower other;
  const TestServer first({&follower});
  const TestServer second({&other});
  try {
    Client::connect({first.address(), second.address()}).register_kernel(some_kernel(), {});
    FAIL();
  } catch (const CallFailed& e) {
    EXPECT_EQ(e.code(), StatusCode::unknown);
    EXPECT_EQ(e.details().reason, "WRITE_UNCERTAIN");
  }
  EXPECT_EQ(other.asked, "");
}

}  // namespace
}  // namespace tracery
