#include "format_text.h"

#include <gtest/gtest.h>

#include "sha256.h"

namespace tracery {
namespace {

using namespace std::string_view_literals;

std::string hash(std::string_view text, v1::WordSize word = v1::WORD_SIZE_64,
                 v1::ByteOrder order = v1::BYTE_ORDER_LITTLE_ENDIAN) {
  v1::KernelIdentity kernel;
  kernel.set_word_size(word);
  kernel.set_byte_order(order);
  return detail::hex(detail::layout_hash(text, kernel));
}

std::string of(std::string_view form) { return detail::hex(detail::sha256({form})); }

TEST(FormatText, TheHashLeavesOutTheFirstIdAndTheEnd) {
  EXPECT_EQ(hash("name: x\nID: 7\nformat:\n\n\0\n"sv), of("tracery-layout 1 word=8 order=little\nname: x\nformat:\n"));
  EXPECT_EQ(hash("ID: 7\nname: x\nID: 8", v1::WORD_SIZE_32, v1::BYTE_ORDER_BIG_ENDIAN),
            of("tracery-layout 1 word=4 order=big\nname: x\nID: 8\n"));
  EXPECT_EQ(hash("name: x\n\nID: 7\n"), of("tracery-layout 1 word=8 order=little\nname: x\n"));
  EXPECT_EQ(hash(""), of("tracery-layout 1 word=8 order=little\n\n"));
  EXPECT_EQ(hash("ID:"), of("tracery-layout 1 word=8 order=little\n\n"));
}

TEST(FormatText, TheIdIsTheNumberOfTheFirstIdLine) {
  EXPECT_EQ(detail::format_id("name: x\nID: \t370\nID: 1\n"), 370U);
  EXPECT_EQ(detail::format_id("ID:5"), 5U);
  EXPECT_EQ(detail::format_id("ID: 12345678901"), 123456789U);
  EXPECT_EQ(detail::format_id("name: ID: 5\n"), 0U);
  EXPECT_EQ(detail::format_id("ID: x"), 0U);
  EXPECT_EQ(detail::format_id("ID:"), 0U);
}

}  // namespace
}  // namespace tracery
