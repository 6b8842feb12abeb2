#include <gtest/gtest.h>

#include <sstream>
#include <thread>

#include "test_kit.h"
#include "test_server.h"
#include "tracery/tracery.h"
#include "tracery/v1/translation_service.grpc.pb.h"

namespace tracery {
namespace {

using test::TestServer;

/// Says of what it gets how long it is: of a file in the end, of pages for each part, with as many items more as it is
/// told.
class Translator final : public v1::TranslationService::Service {
 public:
  grpc::Status Translate(grpc::ServerContext*,
                         grpc::ServerReaderWriter<v1::TranslateResponse, v1::TranslateRequest>* stream) override {
    v1::TranslateRequest part;
    stream->Read(&part);
    if (part.start().file().name() == "bad.dat") {
      return {grpc::StatusCode::INVALID_ARGUMENT, "bad.dat is no trace"};
    }
    std::uint64_t bytes = 0;
    while (stream->Read(&part)) {
      bytes += part.file_chunk().size() + part.pages().pages().size();
      if (part.has_pages()) {
        v1::TranslateResponse response;
        for (int i = 0; i < items_for_each; ++i) {
          response.add_items()->mutable_problem()->set_message(std::string(1000, 'x'));
        }
        stream->Write(response);
      }
    }
    v1::TranslateResponse response;
    response.add_items();
    response.add_items()->mutable_end()->set_damaged_bytes(bytes);
    stream->Write(v1::TranslateResponse());
    stream->Write(response);
    return grpc::Status::OK;
  }

  int items_for_each = 1;
};

v1::TranslateStart file(const std::string& name) {
  v1::TranslateStart start;
  start.mutable_file()->set_name(name);
  return start;
}

TEST(Translating, SendsAFileInPartsAndTakesTheItems) {
  Translator translator;
  const TestServer server({&translator});
  Translation trace = Client::connect(server.address()).translate(file("trace.dat"));
  std::istringstream in(std::string(3'000'001, 'x'));
  trace.send_file(in);
  int items = 0;
  std::uint64_t bytes = 0;
  for (const v1::TraceItem& item : trace) {
    ++items;
    bytes = item.end().damaged_bytes();
  }
  EXPECT_EQ(items, 2);
  EXPECT_EQ(bytes, 3'000'001U);
  EXPECT_FALSE(trace.next());
}

TEST(Translating, ThrowsWhatTheRegistryHasAgainstTheFile) {
  Translator translator;
  const TestServer server({&translator});
  Translation trace = Client::connect(server.address()).translate(file("bad.dat"));
  std::istringstream in(std::string(3'000'000, 'x'));
  trace.send_file(in);
  try {
    trace.next();
    FAIL();
  } catch (const CallFailed& e) {
    EXPECT_STREQ(e.what(), "bad.dat is no trace");
  }
  EXPECT_FALSE(trace.next());
}

TEST(Translating, AFileThatCannotBeReadEndsTheCall) {
  Translator translator;
  const TestServer server({&translator});
  Translation trace = Client::connect(server.address()).translate(file("trace.dat"));
  std::istringstream in;
  in.setstate(std::ios::badbit);
  EXPECT_THROW(trace.send_file(in), Error);
  EXPECT_THROW(trace.next(), CallFailed);
}

TEST(Translating, FlowControlWorksBothWays) {
  Translator translator;
  translator.items_for_each = 100;
  const TestServer server({&translator});
  v1::TranslateStart start;
  start.mutable_raw_pages()->set_kernel("abcd");
  Translation trace = Client::connect(server.address()).translate(start);
  constexpr int parts = 100;
  const std::string page(512U << 10U, 'p');
  std::atomic<int> sent = 0;
  std::thread sender([&] {
    while (sent < parts && trace.send_pages(3, test::bytes(page))) {
      ++sent;
    }
    trace.end_of_input();
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_LT(sent, parts) << "50 MB that the registry does not take would have to be somewhere";
  int items = 0;
  while (trace.next()) {
    ++items;
  }
  sender.join();
  EXPECT_EQ(sent, parts);
  EXPECT_EQ(items, parts * 100 + 2);
}

TEST(Translating, CanBeLeftInTheMiddleAndCancelled) {
  Translator translator;
  const TestServer server({&translator});
  const Client client = Client::connect(server.address());
  { const Translation left = client.translate(file("trace.dat")); }
  Translation trace = client.translate(file("trace.dat"));
  std::thread canceller([&] { trace.cancel(); });
  EXPECT_THROW(trace.next(), CallFailed);
  canceller.join();
}

}  // namespace
}  // namespace tracery
