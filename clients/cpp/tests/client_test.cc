#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "rpc_status.pb.h"
#include "test_kit.h"
#include "test_server.h"
#include "tracery/tracery.h"
#include "tracery/v1/compatibility_service.grpc.pb.h"
#include "tracery/v1/registry_service.grpc.pb.h"

namespace tracery {
namespace {

using test::TestServer;

/// A registry that has 5 kernels, pages of 2, and knows one layout.
class Registry final : public v1::RegistryService::Service {
 public:
  grpc::Status ListKernels(grpc::ServerContext*, const v1::ListKernelsRequest* request,
                           v1::ListKernelsResponse* response) override {
    const int from = request->page_token().empty() ? 0 : std::stoi(request->page_token());
    pages.push_back(request->page_token());
    if (from == 2) {
      response->set_next_page_token("3");  // an empty page, which is not the last
      return grpc::Status::OK;
    }
    for (int i = from; i < std::min(from + 2, 5); ++i) {
      response->add_kernels()->set_id(request->series() + std::to_string(i));
    }
    if (from + 2 < 5) {
      response->set_next_page_token(std::to_string(from + 2));
    }
    return grpc::Status::OK;
  }

  grpc::Status GetKernel(grpc::ServerContext*, const v1::GetKernelRequest* request, v1::GetKernelResponse*) override {
    client::RpcStatus status;
    client::ResourceInfo info;
    info.set_resource_type("kernel");
    info.set_resource_name(request->kernel());
    auto& detail = *status.add_details();
    detail.set_type_url("type.googleapis.com/google.rpc.ResourceInfo");
    detail.set_value(info.SerializeAsString());
    client::ErrorInfo reason;
    reason.set_reason("NO_SUCH_KERNEL");
    auto& second = *status.add_details();
    second.set_type_url("type.googleapis.com/google.rpc.ErrorInfo");
    second.set_value(reason.SerializeAsString());
    status.add_details()->set_type_url("type.googleapis.com/google.rpc.Unheard");
    return {grpc::StatusCode::NOT_FOUND, "there is no kernel " + request->kernel(), status.SerializeAsString()};
  }

  grpc::Status FindMissingLayouts(grpc::ServerContext*, const v1::FindMissingLayoutsRequest* request,
                                  v1::FindMissingLayoutsResponse* response) override {
    for (int i = 1; i < request->layout_hashes_size(); ++i) {
      response->add_missing(request->layout_hashes(i));
    }
    return grpc::Status::OK;
  }

  grpc::Status RegisterKernel(grpc::ServerContext*, grpc::ServerReader<v1::RegisterKernelRequest>* reader,
                              v1::RegisterKernelResponse* response) override {
    v1::RegisterKernelRequest part;
    while (reader->Read(&part)) {
      largest = std::max(largest, part.ByteSizeLong());
      header = part.has_header() ? part.header() : header;
      for (const auto& event : part.events().events()) {
        ++events;
        texts += event.text().empty() ? 0 : 1;
      }
      tracepoints += part.types().tracepoints_size();
      structs += part.types().structs_size();
    }
    response->set_created(true);
    return lost ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "stopping") : grpc::Status::OK;
  }

  std::vector<std::string> pages;
  v1::RegisterKernelHeader header;
  std::size_t largest = 0;
  int events = 0;
  int texts = 0;
  int tracepoints = 0;
  int structs = 0;
  bool lost = false;
};

TEST(Calls, PagesOfAListingAreOneRange) {
  Registry registry;
  const TestServer server({&registry});
  const Client client = Client::connect(server.address());
  std::string ids;
  for (const v1::Kernel& kernel : client.kernels("k")) {
    ids += kernel.id() + " ";
  }
  EXPECT_EQ(ids, "k0 k1 k3 k4 ");
  EXPECT_EQ(registry.pages, (std::vector<std::string>{"", "2", "3"}));
  auto listing = client.kernels();
  EXPECT_EQ(listing.next()->id(), "0");
  EXPECT_EQ(registry.pages.size(), 4U) << "a page is asked for when it is needed";
}

TEST(Calls, ThatAreRefusedSayWhatTheRegistryDoes) {
  Registry registry;
  const TestServer server({&registry});
  try {
    Client::connect(server.address()).kernel("abcd");
    FAIL();
  } catch (const CallFailed& e) {
    EXPECT_EQ(e.code(), StatusCode::not_found);
    EXPECT_STREQ(to_string(e.code()), "NOT_FOUND");
    EXPECT_STREQ(e.what(), "there is no kernel abcd");
    EXPECT_EQ(e.details().resource_type, "kernel");
    EXPECT_EQ(e.details().resource_name, "abcd");
    EXPECT_EQ(e.details().reason, "NO_SUCH_KERNEL");
  }
}

TEST(Calls, NobodyThereIsUnreachable) {
  ClientOptions options;
  options.deadline = std::chrono::seconds(1);
  try {
    Client::connect("127.0.0.1:1", options).status();
    FAIL();
  } catch (const Unreachable& e) {
    EXPECT_STREQ(e.what(), "127.0.0.1:1: Connection refused");
  }
}

TEST(Calls, NobodyAtAnyAddressIsSaidOfEach) {
  ClientOptions options;
  options.deadline = std::chrono::seconds(1);
  try {
    Client::connect("127.0.0.1:1,localhost:1", options).status();
    FAIL();
  } catch (const Unreachable& e) {
    EXPECT_STREQ(e.what(), "127.0.0.1:1: Connection refused; localhost:1: Connection refused");
  }
}

/// A port that lets nobody in and turns nobody away, as a machine does that is switched off.
class Silence {
 public:
  Silence() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bind(listening_, reinterpret_cast<const sockaddr*>(&address), size);
    listen(listening_, 0);
    getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    for (const int waiting : waiting_) {  // more than the queue takes
      connect(waiting, reinterpret_cast<const sockaddr*>(&address), size);
    }
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;
  ~Silence() {
    close(listening_);
    for (const int waiting : waiting_) {
      close(waiting);
    }
  }
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  static int open() { return socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0); }

  int listening_ = open();
  std::array<int, 4> waiting_{open(), open(), open(), open()};
  int port_ = 0;
};

TEST(Calls, AnAddressThatIsSilentLeavesTimeForTheNext) {
  const Silence silence;
  Registry registry;
  const TestServer server({&registry});
  ClientOptions options;
  options.deadline = std::chrono::seconds(10);  // half of what gRPC waits for a connection
  auto kernels = Client::connect({silence.address(), server.address()}, options).kernels();
  EXPECT_EQ(kernels.next()->id(), "0");
}

SeenKernel large_kernel() {
  std::map<std::string, std::string, std::less<>> texts;
  for (int i = 0; i < 300; ++i) {
    const std::string name = std::to_string(i);
    texts["made/" + name] = "name: " + name + "\nID: " + name + "\n" + std::string(20'000, 'x');
    texts["same/" + name] = "ID: " + name + "\nthe same layout for all\n";
  }
  return SeenKernel::texts(texts, kernel_identity("6.1", "#1", "x86_64", 64, std::endian::little, 4096));
}

TEST(Uploads, SendTheTextsThatTheRegistryDoesNotKnowOnceInPartsOfBoundedSize) {
  Registry registry;
  const TestServer server({&registry});
  v1::KernelTypes types;
  for (int i = 0; i < 50; ++i) {
    types.add_tracepoints()->set_name(std::string(40'000, 't'));
    types.add_structs()->set_name(std::string(40'000, 's'));
  }
  const auto response =
      Client::connect(server.address())
          .register_kernel(large_kernel(), {.series = "line", .validate_only = true, .types = &types});
  EXPECT_TRUE(response.created());
  EXPECT_EQ(registry.header.series(), "line");
  EXPECT_TRUE(registry.header.validate_only());
  EXPECT_EQ(registry.header.identity().release(), "6.1");
  EXPECT_EQ(registry.events, 600);
  EXPECT_EQ(registry.texts, 300) << "of 301 layouts, the registry knows the first";
  EXPECT_EQ(registry.tracepoints, 50);
  EXPECT_EQ(registry.structs, 50);
  EXPECT_LT(registry.largest, (1U << 20U) + 100'000);
}

TEST(Uploads, SayThatTheKernelMayBeRegisteredIfTheRegistryGoesAway) {
  Registry registry;
  registry.lost = true;
  const TestServer server({&registry});
  try {
    Client::connect(server.address()).register_kernel(large_kernel(), {});
    FAIL();
  } catch (const Unreachable& e) {
    EXPECT_EQ(e.details().reason, "CONNECTION_LOST");
    EXPECT_EQ(e.what(), "the connection to the registry was lost (" + server.address() +
                            ": stopping); the kernel may or may not be registered, and doing it again is safe");
  }
}

TEST(Uploads, OfACheckEndWithTheReport) {
  class Judge final : public v1::CompatibilityService::Service {
    grpc::Status CheckKernel(grpc::ServerContext*, grpc::ServerReader<v1::CheckKernelRequest>* reader,
                             v1::CheckKernelResponse* response) override {
      v1::CheckKernelRequest first;
      reader->Read(&first);  // and no more: it has heard enough
      response->mutable_report()->set_series(first.header().series());
      return grpc::Status::OK;
    }
  } judge;
  Registry registry;
  const TestServer server({&registry, &judge});
  EXPECT_EQ(Client::connect(server.address()).check(large_kernel(), "line").report().series(), "line");
}

TEST(Uploads, OfACheckThatIsCutOffAreUnreachable) {
  class Judge final : public v1::CompatibilityService::Service {
    grpc::Status CheckKernel(grpc::ServerContext*, grpc::ServerReader<v1::CheckKernelRequest>*,
                             v1::CheckKernelResponse*) override {
      return {grpc::StatusCode::UNAVAILABLE, "stopping"};
    }
  } judge;
  Registry registry;
  const TestServer server({&registry, &judge});
  EXPECT_THROW(Client::connect(server.address()).check(large_kernel(), "line"), Unreachable);
}

}  // namespace
}  // namespace tracery
