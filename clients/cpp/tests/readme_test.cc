#include <gtest/gtest.h>

#include <algorithm>

#include "test_kit.h"

namespace tracery {
namespace {

TEST(Readme, ShowsTheExampleAsItIsAndThatIsShort) {
  const std::filesystem::path folder(SOURCE_DIR);
  const std::string example = test::read_file(folder / "examples/switches.cc");
  EXPECT_TRUE(test::contains(test::read_file(folder / "README.md"), "```cpp\n" + example + "```\n"))
      << "README.md does not show examples/switches.cc as it is";
  EXPECT_LT(std::count(example.begin(), example.end(), '\n'), 40);
}

}  // namespace
}  // namespace tracery
