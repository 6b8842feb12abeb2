#include "utf8.h"

#include <cstddef>
#include <cstdint>

namespace tracery::detail {
namespace {

/// What a sequence is found to be.
struct Sequence {
  std::size_t length;  // its bytes, or those of the maximal subpart; at least 1
  bool valid;
};

/// Table 3-7 of the Unicode Standard: which bytes may follow which.
Sequence sequence(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(at);
  if (first < 0x80) {
    return {1, true};
  }
  std::size_t more = 0;
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xbf;
  if (first >= 0xc2 && first <= 0xdf) {
    more = 1;
  } else if (first >= 0xe0 && first <= 0xef) {
    more = 2;
    low = first == 0xe0 ? 0xa0 : low;    // no longer than needed
    high = first == 0xed ? 0x9f : high;  // no surrogates
  } else if (first >= 0xf0 && first <= 0xf4) {
    more = 3;
    low = first == 0xf0 ? 0x90 : low;
    high = first == 0xf4 ? 0x8f : high;  // up to U+10FFFF
  } else {
    return {1, false};
  }
  std::size_t length = 1;
  while (length <= more && at + length < text.size() && byte(at + length) >= low && byte(at + length) <= high) {
    low = 0x80;
    high = 0xbf;
    ++length;
  }
  return {length, length == more + 1};
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    const Sequence found = sequence(text, at);
    if (!found.valid) {
      return false;
    }
    at += found.length;
  }
  return true;
}

void append_utf8(std::string_view text, std::string& out) {
  for (std::size_t at = 0; at < text.size();) {
    const Sequence found = sequence(text, at);
    out.append(found.valid ? text.substr(at, found.length) : std::string_view("\xef\xbf\xbd"));
    at += found.length;
  }
}

}  // namespace tracery::detail
