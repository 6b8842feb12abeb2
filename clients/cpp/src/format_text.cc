#include "format_text.h"

#include <algorithm>

#include "sha256.h"

namespace tracery::detail {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t none = std::string_view::npos;

/// Where the first line that begins with `ID:` does.
std::size_t id_line(std::string_view text) {
  if (text.starts_with("ID:")) {
    return 0;
  }
  const std::size_t before = text.find("\nID:");
  return before == none ? none : before + 1;
}

std::string_view without_end(std::string_view text) {
  const std::size_t last = text.find_last_not_of("\n\0"sv);
  return text.substr(0, last == none ? 0 : last + 1);
}

}  // namespace

std::uint32_t format_id(std::string_view text) {
  const std::size_t line = id_line(text);
  if (line == none) {
    return 0;
  }
  text.remove_prefix(line + 3);
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  std::uint32_t id = 0;
  for (std::size_t i = 0; i < std::min<std::size_t>(text.size(), 9) && text[i] >= '0' && text[i] <= '9'; ++i) {
    id = 10 * id + static_cast<std::uint32_t>(text[i] - '0');
  }
  return id;
}

std::string layout_hash(std::string_view text, const v1::KernelIdentity& kernel) {
  const std::string_view head =
      kernel.word_size() == v1::WORD_SIZE_32
          ? (kernel.byte_order() == v1::BYTE_ORDER_BIG_ENDIAN ? "tracery-layout 1 word=4 order=big\n"sv
                                                              : "tracery-layout 1 word=4 order=little\n"sv)
          : (kernel.byte_order() == v1::BYTE_ORDER_BIG_ENDIAN ? "tracery-layout 1 word=8 order=big\n"sv
                                                              : "tracery-layout 1 word=8 order=little\n"sv);
  const std::string_view body = without_end(text);
  const std::size_t line = id_line(body);
  if (line == none) {
    return sha256({head, body, "\n"});
  }
  const std::size_t end = body.find('\n', line);
  const std::string_view after = end == none ? std::string_view() : body.substr(end + 1);
  const std::string_view before = body.substr(0, line);
  // What is before ends the form where nothing is left behind.
  return after.empty() ? sha256({head, without_end(before), "\n"}) : sha256({head, before, after, "\n"});
}

}  // namespace tracery::detail
