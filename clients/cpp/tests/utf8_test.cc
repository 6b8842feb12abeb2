#include "utf8.h"

#include <gtest/gtest.h>

namespace tracery {
namespace {

std::string mended(std::string_view text) {
  std::string out;
  detail::append_utf8(text, out);
  return out;
}

const std::string r = "\xef\xbf\xbd";

TEST(Utf8, WellFormedTextStays) {
  for (const char* text :
       {"", "bash", "ä", "日本", "\xf0\x9f\x90\xa7", "\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(detail::is_utf8(text)) << text;
    EXPECT_EQ(mended(text), text);
  }
}

// The Unicode Standard, section 3.9, tables 3-8 to 3-11.
TEST(Utf8, EachMaximalSubpartIsReplacedOnce) {
  EXPECT_EQ(mended("\xc0\xaf\xe0\x80\xbf\xf0\x81\x82\x41"), r + r + r + r + r + r + r + r + "A");
  EXPECT_EQ(mended("\xed\xa0\x80\xed\xbf\xbf\xed\xaf\x41"), r + r + r + r + r + r + r + r + "A");
  EXPECT_EQ(mended("\xf4\x91\x92\x93\xff\x41\x80\xbf\x42"), r + r + r + r + r + "A" + r + r + "B");
  EXPECT_EQ(mended("\xe1\x80\xe2\xf0\x91\x92\xf1\xbf\x41"), r + r + r + r + "A");
}

TEST(Utf8, ACutSequenceAtTheEndIsReplacedOnce) {
  EXPECT_EQ(mended("a\xe2\x82"), "a" + r);
  EXPECT_FALSE(detail::is_utf8("a\xe2\x82"));
  EXPECT_EQ(mended("\xf0\x9f\x90"), r);
}

}  // namespace
}  // namespace tracery
