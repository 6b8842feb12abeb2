#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "test_server.h"
#include "tracery/tracery.h"
#include "tracery/v1/admin_service.grpc.pb.h"
#include "tracery/v1/registry_service.grpc.pb.h"

namespace tracery {
namespace {

using test::TestServer;

class Admin final : public v1::AdminService::Service {
  grpc::Status GetStatus(grpc::ServerContext*, const v1::GetStatusRequest*, v1::GetStatusResponse*) override {
    return grpc::Status::OK;
  }
};

/// Has revisions 1 to 9; each call is cut somewhere. Revision R has R changes, one in each part.
class Registry final : public v1::RegistryService::Service {
 public:
  grpc::Status Watch(grpc::ServerContext* context, const v1::WatchRequest* request,
                     grpc::ServerWriter<v1::WatchResponse>* writer) override {
    int parts_left = 0;
    {
      const std::lock_guard lock(mutex);
      after.push_back(request->after_revision());
      parts_left = parts_until_cut;
    }
    for (std::uint64_t revision = request->after_revision() + 1; revision <= 9; ++revision) {
      for (std::uint64_t part = 1; part <= revision; ++part) {
        if (parts_left-- == 0) {
          return {cut_with, "cut"};
        }
        v1::WatchResponse response;
        response.set_revision(revision);
        response.set_more(part < revision);
        response.add_changes()->mutable_kernel_registered()->set_id(std::to_string(revision) + "." +
                                                                    std::to_string(part));
        writer->Write(response);
      }
    }
    while (!context->IsCancelled()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return grpc::Status::CANCELLED;
  }

  std::mutex mutex;
  std::vector<std::uint64_t> after;
  int parts_until_cut = 12;
  grpc::StatusCode cut_with = grpc::StatusCode::UNAVAILABLE;
};

TEST(Watching, GoesOnAfterTheLastWholeRevisionWithoutGapOrRepeat) {
  for (const auto cut_with : {grpc::StatusCode::UNAVAILABLE, grpc::StatusCode::CANCELLED, grpc::StatusCode::OK}) {
    Registry registry;
    registry.cut_with = cut_with;
    Admin admin;
    const TestServer server({&registry, &admin});
    int lost = 0;
    Watcher watcher = Client::connect(server.address()).watch(2, [&](const CallFailed&) { ++lost; });
    for (std::uint64_t revision = 3; revision <= 9; ++revision) {
      const auto found = watcher.next();
      ASSERT_TRUE(found);
      EXPECT_EQ(found->revision(), revision);
      EXPECT_FALSE(found->more());
      ASSERT_EQ(found->changes_size(), static_cast<int>(revision));
      for (int part = 1; part <= found->changes_size(); ++part) {
        EXPECT_EQ(found->changes(part - 1).kernel_registered().id(),
                  std::to_string(revision) + "." + std::to_string(part));
      }
    }
    // 3, 4 and 5 are 12 parts; 6; 7; 8; 9 are cut within the next.
    EXPECT_EQ(registry.after, (std::vector<std::uint64_t>{2, 5, 6, 7, 8}));
    EXPECT_EQ(lost, 4);
  }
}

TEST(Watching, EndsWhenItIsClosedByAnotherThread) {
  Registry registry;
  registry.parts_until_cut = 1000;
  Admin admin;
  const TestServer server({&registry, &admin});
  Watcher watcher = Client::connect(server.address()).watch(7);
  std::uint64_t last = 0;
  std::thread closer;
  for (const v1::WatchResponse& revision : watcher) {
    last = revision.revision();
    if (last == 9) {
      closer = std::thread([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        watcher.close();
      });
    }
  }
  closer.join();
  EXPECT_EQ(last, 9U);
  EXPECT_FALSE(watcher.next());
}

TEST(Watching, ThrowsWhatTheRegistryRefuses) {
  Registry registry;
  registry.parts_until_cut = 0;
  registry.cut_with = grpc::StatusCode::OUT_OF_RANGE;
  Admin admin;
  const TestServer server({&registry, &admin});
  Watcher watcher = Client::connect(server.address()).watch(0);
  EXPECT_THROW(watcher.next(), CallFailed);
  EXPECT_FALSE(watcher.next());
}

TEST(Watching, IsLeftInTheMiddleAndFindsTheRegistryWhenItIsBack) {
  Registry registry;
  registry.parts_until_cut = 1000;
  Admin admin;
  TestServer server({&registry, &admin});
  const int port = server.port();
  const Client client = Client::connect(server.address());
  { Watcher left = client.watch(0); }
  Watcher watcher = client.watch(8);
  ASSERT_EQ(watcher.next()->revision(), 9U);
  server.stop();
  std::unique_ptr<TestServer> again;
  Watcher from_start = [&] {
    again = std::make_unique<TestServer>(std::initializer_list<grpc::Service*>{&registry, &admin}, port);
    return client.watch(0);
  }();
  EXPECT_EQ(from_start.next()->revision(), 1U);
  EXPECT_THROW(Client::connect("127.0.0.1:1").watch(0), Unreachable);
}

}  // namespace
}  // namespace tracery
