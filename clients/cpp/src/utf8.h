#pragma once

#include <string>
#include <string_view>

namespace tracery::detail {

/// Whether it is well-formed UTF-8.
bool is_utf8(std::string_view text) noexcept;

/// Appends `text`, with U+FFFD for each maximal subpart of a malformed sequence (Unicode 16, section 3.9; what WHATWG's
/// decoder does).
void append_utf8(std::string_view text, std::string& out);

}  // namespace tracery::detail
