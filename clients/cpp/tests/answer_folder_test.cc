#include "answer_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <utime.h>

#include <chrono>
#include <thread>

#include "test_kit.h"

namespace tracery {
namespace {

using detail::AnswerFolder;
using test::TempFolder;

constexpr std::uintmax_t plenty = 1 << 20;
const std::string question(64, 'a');

class Answers : public testing::Test {
 protected:
  [[nodiscard]] AnswerFolder folder(std::uintmax_t max_bytes = plenty) {
    return {path, max_bytes, [this](const std::string& message) { log.push_back(message); }};
  }
  [[nodiscard]] std::filesystem::path file(const std::string& name = question) const {
    return path / (name + ".answer");
  }

  static v1::NegotiateResponse answer(std::uint64_t revision) {
    v1::NegotiateResponse answer;
    answer.set_revision(revision);
    return answer;
  }

  static AnswerFolder::Time at(std::int64_t seconds) { return AnswerFolder::Time(std::chrono::seconds(seconds)); }

  TempFolder temporary;
  std::filesystem::path path = temporary.path() / "home" / ".cache" / "answers";
  std::vector<std::string> log;
};

TEST_F(Answers, AreKeptWithTheirTimeForTheUserOnly) {
  EXPECT_EQ(folder().get(question), std::nullopt);
  folder().put(question, at(5), answer(7));
  const auto kept = folder().get(question);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->time, at(5));
  EXPECT_EQ(kept->answer.revision(), 7U);
  for (const auto& made : {path, path.parent_path(), path.parent_path().parent_path()}) {
    EXPECT_EQ(std::filesystem::status(made).permissions(), std::filesystem::perms::owner_all) << made;
  }
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(path), {}), 1);
  EXPECT_EQ(log, std::vector<std::string>());
}

TEST_F(Answers, ThatAreDamagedAnywhereAreRemoved) {
  folder().put(question, at(5), answer(7));
  const std::string whole = test::read_file(file());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    test::write_file(file(), damaged);
    EXPECT_EQ(folder().get(question), std::nullopt) << "byte " << i;
    EXPECT_FALSE(std::filesystem::exists(file()));
    test::write_file(file(), whole.substr(0, i));
    EXPECT_EQ(folder().get(question), std::nullopt) << "cut at " << i;
    EXPECT_FALSE(std::filesystem::exists(file()));
  }
  EXPECT_EQ(log.size(), 2 * whole.size());
}

TEST_F(Answers, OfAFolderThatOthersCanWriteToAreNotUsed) {
  folder().put(question, at(5), answer(7));
  std::filesystem::permissions(path, std::filesystem::perms::group_write, std::filesystem::perm_options::add);
  EXPECT_EQ(folder().get(question), std::nullopt);
  folder().put(question, at(6), answer(8));
  ASSERT_EQ(log.size(), 2U);
  EXPECT_TRUE(test::contains(log[0], path.string() + " can be written to by others; chmod 700 it")) << log[0];
  EXPECT_TRUE(test::contains(log[1], "cannot keep the registry's answer")) << log[1];
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  EXPECT_EQ(folder().get(question)->answer.revision(), 7U);
}

TEST_F(Answers, AreNotReadThroughALink) {
  folder().put(question, at(5), answer(7));
  std::filesystem::rename(file(), temporary.path() / "elsewhere");
  std::filesystem::create_symlink(temporary.path() / "elsewhere", file());
  EXPECT_EQ(folder().get(question), std::nullopt);
  ASSERT_EQ(log.size(), 1U);
}

TEST_F(Answers, AreNotWaitedForWhereAPipeStands) {
  folder().put(question, at(5), answer(7));
  std::filesystem::remove(file());
  ASSERT_EQ(mkfifo(file().c_str(), 0600), 0);
  EXPECT_EQ(folder().get(question), std::nullopt);
}

TEST_F(Answers, AFileThatIsAFolderCostsALineOfTheLog) {
  test::write_file(path, "no folder");
  EXPECT_EQ(folder().get(question), std::nullopt);
  folder().put(question, at(5), answer(7));
  EXPECT_EQ(log.size(), 2U);
}

TEST_F(Answers, ThatWereNotUsedForLongestGoWhenThereAreTooMany) {
  const auto age = [&](const std::string& name, int seconds) {
    const std::time_t then = std::time(nullptr) - seconds;
    const utimbuf times{then, then};
    ASSERT_EQ(utime(file(name).c_str(), &times), 0);
  };
  folder().put("one", at(5), answer(1));
  folder().put("two", at(5), answer(2));
  const std::uintmax_t size = std::filesystem::file_size(file("one"));
  age("one", 50);
  age("two", 100);
  EXPECT_TRUE(folder().get("two"));  // which is used now
  folder(2 * size).put("three", at(5), answer(3));
  EXPECT_FALSE(std::filesystem::exists(file("one")));
  EXPECT_TRUE(std::filesystem::exists(file("two")));
  EXPECT_TRUE(std::filesystem::exists(file("three")));
  folder(size - 1).put("four", at(5), answer(4));
  EXPECT_FALSE(std::filesystem::exists(file("four"))) << "it alone is too large";
}

TEST_F(Answers, ThatWereNeverFinishedGoAfterAnHour) {
  folder().put("one", at(5), answer(1));
  test::write_file(path / "old.part", "x");
  test::write_file(path / "new.part", "x");
  const std::time_t then = std::time(nullptr) - 3601;
  const utimbuf times{then, then};
  ASSERT_EQ(utime((path / "old.part").c_str(), &times), 0);
  folder().put("two", at(5), answer(2));
  EXPECT_FALSE(std::filesystem::exists(path / "old.part"));
  EXPECT_TRUE(std::filesystem::exists(path / "new.part"));
}

TEST_F(Answers, ManyThreadsFindThemWholeOrNotAtAll) {
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      const AnswerFolder mine(path, plenty, [&](const std::string&) { ++wrong; });
      for (int round = 0; round < 50; ++round) {
        mine.put(question, at(i), answer(static_cast<std::uint64_t>(i)));
        const auto kept = mine.get(question);
        wrong += !kept || kept->time != at(static_cast<std::int64_t>(kept->answer.revision())) ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace tracery
