#include "tracery/kernel.h"

#include <gtest/gtest.h>

#include "test_kit.h"

namespace tracery {
namespace {

using test::TempFolder;

v1::KernelIdentity some_kernel() { return kernel_identity("6.1", "#1", "x86_64", 64, std::endian::little, 4096); }

TEST(SeenKernel, ReadsTheFormatsOfACopyOfATracefsOrOfItsEvents) {
  const TempFolder folder;
  test::write_file(folder.path() / "events/sched/sched_switch/format", "name: sched_switch\n");
  test::write_file(folder.path() / "events/irq/softirq_entry/format", "name: softirq_entry\n");
  test::write_file(folder.path() / "events/irq/enable", "0\n");
  for (const auto& root : {folder.path(), folder.path() / "events"}) {
    const SeenKernel kernel = SeenKernel::copy(root, some_kernel());
    EXPECT_EQ(kernel.format("sched/sched_switch"), "name: sched_switch\n");
    EXPECT_EQ(kernel.format("sched/nothing"), std::nullopt);
    EXPECT_EQ(kernel.events(), (std::vector<std::string>{"irq/softirq_entry", "sched/sched_switch"}));
  }
}

TEST(SeenKernel, DoesNotLeaveItsFolder) {
  const TempFolder folder;
  test::write_file(folder.path() / "outside/format", "secret");
  test::write_file(folder.path() / "events/sched/format", "no event");
  const SeenKernel kernel = SeenKernel::copy(folder.path(), some_kernel());
  for (const char* event : {"../outside", "sched/..", "./sched", "/", "sched", "sched/", "a/b/c"}) {
    EXPECT_EQ(kernel.format(event), std::nullopt) << event;
  }
}

TEST(SeenKernel, SaysWhichFormatCannotBeReadAndWhy) {
  const TempFolder folder;
  std::filesystem::create_directories(folder.path() / "events/sched/sched_switch/format");
  test::write_file(folder.path() / "events/sched/endless/format", std::string((1U << 20U) + 1, 'x'));
  const SeenKernel kernel = SeenKernel::copy(folder.path(), some_kernel());
  const auto message = [&](const char* event) {
    try {
      (void)kernel.format(event);
      return std::string();
    } catch (const Error& e) {
      return std::string(e.what());
    }
  };
  const std::string root = (folder.path() / "events").string();
  EXPECT_EQ(message("sched/sched_switch"), "cannot read " + root + "/sched/sched_switch/format: Is a directory");
  EXPECT_EQ(message("sched/endless"), "cannot read " + root + "/sched/endless/format: it has more than 1048576 bytes");
  EXPECT_THROW(SeenKernel::copy(folder.path() / "nothing", some_kernel()), Error);
}

TEST(SeenKernel, CanBeTexts) {
  const SeenKernel kernel = SeenKernel::texts({{"sched/sched_switch", "text"}}, some_kernel());
  EXPECT_EQ(kernel.format("sched/sched_switch"), "text");
  EXPECT_EQ(kernel.format("sched/other"), std::nullopt);
  EXPECT_EQ(kernel.events(), std::vector<std::string>{"sched/sched_switch"});
}

TEST(SeenKernel, TheRunningOnesWordSizeIsThatOfItsRingBuffer) {
  const TempFolder folder;
  test::write_file(folder.path() / "events/header_page",
                   "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
                   "\tfield: local_t commit;\toffset:8;\tsize:4;\tsigned:1;\n");
  const v1::KernelIdentity kernel = SeenKernel::running(folder.path()).identity();
  EXPECT_EQ(kernel.word_size(), v1::WORD_SIZE_32);
  EXPECT_FALSE(kernel.release().empty());
  EXPECT_FALSE(kernel.machine().empty());
  EXPECT_GE(kernel.page_size(), 4096U);
}

TEST(SeenKernel, AWordHas32Or64Bits) {
  EXPECT_THROW(kernel_identity("6.1", "", "x86_64", 8, std::endian::little, 4096), std::invalid_argument);
}

}  // namespace
}  // namespace tracery
