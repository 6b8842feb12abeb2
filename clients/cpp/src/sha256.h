#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace tracery::detail {

/// The SHA-256 of the parts one after the other: 32 bytes.
std::string sha256(std::initializer_list<std::string_view> parts);

/// Lower-case hexadecimal digits.
std::string hex(std::string_view bytes);

}  // namespace tracery::detail
