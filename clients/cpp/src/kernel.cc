#include "tracery/kernel.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace tracery {
namespace {

namespace fs = std::filesystem;

/// The longest format that is read, in bytes. Kernels of 2025 write 40 KiB at most.
constexpr std::size_t max_format_bytes = 1U << 20U;

/// The content of a file; nothing if it is not there. A file of tracefs has no size before it is read.
std::optional<std::string> content(const fs::path& file, std::size_t max_bytes) {
  const auto fail = [&](const char* what) { throw Error("cannot read " + file.string() + ": " + what); };
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    if (errno == ENOENT) {
      return std::nullopt;
    }
    fail(std::strerror(errno));
  }
  struct Closed {
    int descriptor;
    ~Closed() { close(descriptor); }
  } const closed{descriptor};
  std::string text;
  char part[8192];
  for (;;) {
    const ssize_t length = read(descriptor, part, sizeof part);
    if (length < 0 && errno == EINTR) {
      continue;
    }
    if (length < 0) {
      fail(std::strerror(errno));
    }
    if (length == 0) {
      return text;
    }
    text.append(part, static_cast<std::size_t>(length));
    if (text.size() > max_bytes) {
      fail(("it has more than " + std::to_string(max_bytes) + " bytes").c_str());
    }
  }
}

std::string line(const fs::path& file, const char* otherwise) {
  std::string text = content(file, 4096).value_or(otherwise);
  text.erase(text.find_last_not_of(" \n") + 1);
  return text;
}

/// The `commit` of `header_page` is a local_t, a long of the kernel (kernel/trace/ring_buffer.c), which is wider than
/// one of this program where a 32-bit program runs on a 64-bit kernel.
int word_bits(const fs::path& events) {
  const std::string page = content(events / "header_page", 4096).value_or("");
  const std::size_t commit = page.find("commit;");
  const std::size_t size = commit == std::string::npos ? commit : page.find("size:", commit);
  if (size != std::string::npos && size + 5 < page.size() && (page[size + 5] == '4' || page[size + 5] == '8')) {
    return page[size + 5] == '4' ? 32 : 64;
  }
  return 8 * static_cast<int>(sizeof(long));
}

v1::KernelIdentity running_identity(const fs::path& events) {
  utsname names{};
  if (uname(&names) != 0) {
    throw Error(std::string("uname: ") + std::strerror(errno));
  }
  // Why not uname's machine: to a 32-bit program it may be another. The file is there since Linux 6.1.
  return kernel_identity(names.release, names.version, line("/proc/sys/kernel/arch", names.machine), word_bits(events),
                         std::endian::native, static_cast<std::uint32_t>(sysconf(_SC_PAGESIZE)));
}

fs::path events_folder(const fs::path& tracefs) {
  std::error_code error;
  if (fs::is_directory(tracefs / "events", error)) {
    return tracefs / "events";
  }
  if (!fs::is_directory(tracefs, error)) {
    throw Error(tracefs.string() + " is no folder that can be read" + (error ? ": " + error.message() : ""));
  }
  return tracefs;
}

/// Whether it is `system/name`, and no way out of the folder.
bool is_event_name(std::string_view event) {
  const std::size_t slash = event.find('/');
  if (slash == std::string_view::npos || event.find('\0') != std::string_view::npos) {
    return false;
  }
  const std::string_view system = event.substr(0, slash);
  const std::string_view name = event.substr(slash + 1);
  const auto is_part = [](std::string_view part) {
    return !part.empty() && part != "." && part != ".." && part.find('/') == std::string_view::npos;
  };
  return is_part(system) && is_part(name);
}

/// The names of the folders in a folder.
std::vector<std::string> folders(const fs::path& folder) {
  std::vector<std::string> names;
  try {
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      if (entry.is_directory()) {
        names.push_back(entry.path().filename().string());
      }
    }
  } catch (const fs::filesystem_error& e) {
    throw Error("cannot list " + folder.string() + ": " + e.code().message());
  }
  return names;
}

}  // namespace

v1::KernelIdentity kernel_identity(std::string release, std::string build, std::string machine, int word_bits,
                                   std::endian byte_order, std::uint32_t page_size) {
  if (word_bits != 32 && word_bits != 64) {
    throw std::invalid_argument("expected words of 32 or 64 bits but found " + std::to_string(word_bits));
  }
  v1::KernelIdentity identity;
  identity.set_release(std::move(release));
  identity.set_build(std::move(build));
  identity.set_machine(std::move(machine));
  identity.set_word_size(word_bits == 32 ? v1::WORD_SIZE_32 : v1::WORD_SIZE_64);
  identity.set_byte_order(byte_order == std::endian::big ? v1::BYTE_ORDER_BIG_ENDIAN : v1::BYTE_ORDER_LITTLE_ENDIAN);
  identity.set_page_size(page_size);
  return identity;
}

SeenKernel SeenKernel::running() {
  for (const char* place : {"/sys/kernel/tracing", "/sys/kernel/debug/tracing"}) {
    const fs::path events = fs::path(place) / "events";
    std::error_code error;
    if (fs::is_directory(events, error) && access(events.c_str(), X_OK) == 0) {
      return {events, running_identity(events)};
    }
  }
  throw Error(
      "/sys/kernel/tracing/events is not there or not readable; run as root, and if there is no events folder, mount "
      "it: "
      "mount -t tracefs nodev /sys/kernel/tracing");
}

SeenKernel SeenKernel::running(const fs::path& tracefs) {
  fs::path events = events_folder(tracefs);
  v1::KernelIdentity identity = running_identity(events);
  return {std::move(events), std::move(identity)};
}

SeenKernel SeenKernel::copy(const fs::path& tracefs, v1::KernelIdentity identity) {
  return {events_folder(tracefs), std::move(identity)};
}

SeenKernel SeenKernel::texts(Texts formats, v1::KernelIdentity identity) {
  return {std::move(formats), std::move(identity)};
}

std::optional<std::string> SeenKernel::format(std::string_view event) const {
  if (const auto* texts = std::get_if<Texts>(&formats_)) {
    const auto found = texts->find(event);
    return found == texts->end() ? std::nullopt : std::optional(found->second);
  }
  return is_event_name(event) ? content(std::get<fs::path>(formats_) / event / "format", max_format_bytes)
                              : std::nullopt;
}

std::vector<std::string> SeenKernel::events() const {
  std::vector<std::string> found;
  if (const auto* texts = std::get_if<Texts>(&formats_)) {
    for (const auto& [event, text] : *texts) {
      found.push_back(event);
    }
    return found;
  }
  const fs::path& root = std::get<fs::path>(formats_);
  for (const std::string& system : folders(root)) {
    for (const std::string& name : folders(root / system)) {
      if (std::error_code error; fs::exists(root / system / name / "format", error)) {
        found.push_back(system + "/" + name);
      }
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace tracery
