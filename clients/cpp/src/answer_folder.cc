#include "answer_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <memory>
#include <system_error>
#include <vector>

#include "sha256.h"

namespace tracery::detail {
namespace {

namespace fs = std::filesystem;
using namespace std::string_view_literals;

constexpr std::string_view magic = "tracery-answer 1\n";
constexpr std::size_t time_bytes = 8;
constexpr std::size_t hash_bytes = 32;
constexpr std::size_t head_bytes = magic.size() + time_bytes + hash_bytes;
constexpr std::string_view suffix = ".answer";
constexpr std::string_view unfinished = ".part";
constexpr std::time_t abandoned_seconds = 3600;

std::system_error failure(const std::string& what) { return {errno, std::generic_category(), what}; }

/// An open file.
class File {
 public:
  explicit File(int descriptor) noexcept : descriptor_(descriptor) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) {
      close(descriptor_);
    }
  }
  [[nodiscard]] int get() const noexcept { return descriptor_; }
  [[nodiscard]] bool is_open() const noexcept { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

/// The folder, open, if it is one that nobody else writes into: they would tell the tool how to read the kernel. Not
/// open if it is not there. Through the descriptor nobody can put another in its place.
int open_folder(const fs::path& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (descriptor < 0) {
    if (errno == ENOENT) {
      return -1;
    }
    throw failure(folder.string());
  }
  struct stat status {};
  fstat(descriptor, &status);
  const char* wrong = (status.st_mode & (S_IWGRP | S_IWOTH)) != 0 ? " can be written to by others; chmod 700 it"
                      : status.st_uid != geteuid()                ? " belongs to another user; use a folder of your own"
                                                                  : nullptr;
  if (wrong != nullptr) {
    close(descriptor);
    throw std::runtime_error(folder.string() + wrong);
  }
  return descriptor;
}

void make_folders(const fs::path& folder) {
  fs::path made;
  for (const fs::path& part : fs::absolute(folder)) {
    made /= part;
    if (mkdir(made.c_str(), S_IRWXU) != 0 && errno != EEXIST && !fs::is_directory(made)) {
      throw failure("cannot make " + made.string());
    }
  }
}

std::string content(const File& file, std::uintmax_t max_bytes) {
  std::string text;
  char part[16384];
  for (;;) {
    const ssize_t length = read(file.get(), part, sizeof part);
    if (length < 0 && errno != EINTR) {
      throw failure("read");
    }
    if (length == 0 || text.size() > max_bytes) {
      return text;
    }
    if (length > 0) {
      text.append(part, static_cast<std::size_t>(length));
    }
  }
}

void write_all(const File& file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t length = write(file.get(), text.data(), text.size());
    if (length < 0 && errno != EINTR) {
      throw failure("write");
    }
    text.remove_prefix(length < 0 ? 0 : static_cast<std::size_t>(length));
  }
}

std::string file_content(AnswerFolder::Time time, const std::string& answer) {
  const auto millis =
      static_cast<std::uint64_t>(std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count());
  std::string moment(time_bytes, '\0');
  for (std::size_t i = 0; i < time_bytes; ++i) {
    moment[i] = static_cast<char>(millis >> 8 * (time_bytes - 1 - i));
  }
  std::string text(magic);
  return text.append(moment).append(sha256({moment, answer})).append(answer);
}

/// Nothing if anything about it is not as it was written.
std::optional<AnswerFolder::Kept> parsed(std::string_view text) {
  if (text.size() < head_bytes || !text.starts_with(magic)) {
    return std::nullopt;
  }
  const std::string_view moment = text.substr(magic.size(), time_bytes);
  const std::string_view hash = text.substr(magic.size() + time_bytes, hash_bytes);
  const std::string_view answer = text.substr(head_bytes);
  if (hash != sha256({moment, answer})) {
    return std::nullopt;
  }
  std::uint64_t millis = 0;
  for (const char byte : moment) {
    millis = millis << 8U | static_cast<unsigned char>(byte);
  }
  AnswerFolder::Kept kept;
  if (!kept.answer.ParseFromArray(answer.data(), static_cast<int>(answer.size()))) {
    return std::nullopt;
  }
  // Why a bound: the clock counts nanoseconds, and would overflow.
  constexpr auto latest = std::chrono::duration_cast<std::chrono::milliseconds>(AnswerFolder::Time::duration::max());
  kept.time = AnswerFolder::Time(
      std::chrono::milliseconds(std::clamp<std::int64_t>(static_cast<std::int64_t>(millis), 0, latest.count())));
  return kept;
}

/// Removes what was not used for longest, until the folder has no more than its bound, and what was never finished.
void trim(const File& folder, std::uintmax_t max_bytes) {
  struct Entry {
    std::string name;
    struct stat status;
  };
  const std::unique_ptr<DIR, int (*)(DIR*)> listing(fdopendir(openat(folder.get(), ".", O_RDONLY | O_CLOEXEC)),
                                                    &closedir);
  if (!listing) {
    throw failure("list");
  }
  std::vector<Entry> entries;
  std::uintmax_t bytes = 0;
  while (const dirent* found = readdir(listing.get())) {
    Entry entry{found->d_name, {}};
    if ((entry.name.ends_with(suffix) || entry.name.ends_with(unfinished)) &&
        fstatat(folder.get(), found->d_name, &entry.status, AT_SYMLINK_NOFOLLOW) == 0) {
      bytes += static_cast<std::uintmax_t>(entry.status.st_size);
      entries.push_back(std::move(entry));
    }
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    const timespec& one = a.status.st_mtim;
    const timespec& two = b.status.st_mtim;
    return one.tv_sec != two.tv_sec ? one.tv_sec < two.tv_sec : one.tv_nsec < two.tv_nsec;
  });
  const std::time_t now = std::time(nullptr);
  for (const Entry& entry : entries) {
    const bool is_part = entry.name.ends_with(unfinished);
    if (is_part ? entry.status.st_mtim.tv_sec < now - abandoned_seconds : bytes > max_bytes) {
      unlinkat(folder.get(), entry.name.c_str(), 0);
      bytes -= static_cast<std::uintmax_t>(entry.status.st_size);
    }
  }
}

}  // namespace

std::optional<AnswerFolder::Kept> AnswerFolder::get(const std::string& question) const {
  const std::string name = question + std::string(suffix);
  try {
    const File folder(open_folder(folder_));
    if (!folder.is_open()) {
      return std::nullopt;
    }
    // Why non-blocking: what is there may be no file but a pipe, and would be waited for.
    const File file(openat(folder.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!file.is_open()) {
      if (errno != ENOENT) {
        throw failure((folder_ / name).string());
      }
      return std::nullopt;
    }
    std::optional<Kept> kept = parsed(content(file, max_bytes_));
    if (kept) {
      futimens(file.get(), nullptr);
    } else {
      log_((folder_ / name).string() + " is damaged and was removed");
      unlinkat(folder.get(), name.c_str(), 0);
    }
    return kept;
  } catch (const std::runtime_error& e) {
    log_(std::string("cannot read what is kept of the registry's answers: ") + e.what());
    return std::nullopt;
  }
}

void AnswerFolder::put(const std::string& question, Time time, const v1::NegotiateResponse& answer) const {
  static std::atomic<unsigned> count = 0;
  const std::string text = file_content(time, answer.SerializeAsString());
  if (text.size() > max_bytes_) {
    return;
  }
  try {
    make_folders(folder_);
    const File folder(open_folder(folder_));
    const std::string part = question + "." + std::to_string(getpid()) + "." + std::to_string(count++) + "." +
                             std::to_string(std::chrono::steady_clock::now().time_since_epoch().count()) +
                             std::string(unfinished);
    {
      const File file(openat(folder.get(), part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
      if (!file.is_open()) {
        throw failure(part);
      }
      try {
        write_all(file, text);
        if (renameat(folder.get(), part.c_str(), folder.get(), (question + std::string(suffix)).c_str()) != 0) {
          throw failure("rename");
        }
      } catch (...) {
        unlinkat(folder.get(), part.c_str(), 0);
        throw;
      }
    }
    trim(folder, max_bytes_);
  } catch (const std::runtime_error& e) {
    log_("cannot keep the registry's answer in " + folder_.string() +
         "; without it the tool does not start while the registry cannot be reached: " + e.what());
  }
}

}  // namespace tracery::detail
