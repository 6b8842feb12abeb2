#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tracery/v1/kernel.pb.h"

namespace tracery::detail {

/// The number after the first `ID:` of a format file; 0 if there is none.
std::uint32_t format_id(std::string_view text);

/// The layout's identity, 32 bytes: the SHA-256 of a line with word size and byte order, and of the file without its
/// first `ID:` line, line feeds and NULs at its end dropped, and one line feed added.
std::string layout_hash(std::string_view text, const v1::KernelIdentity& kernel);

}  // namespace tracery::detail
