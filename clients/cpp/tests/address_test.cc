#include "address.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include "connection.h"
#include "test_kit.h"
#include "tracery/client.h"

namespace tracery {
namespace {

using detail::parse_address;
using detail::parse_addresses;

TEST(Address, HasThePortOfTheRegistryUnlessItNamesOne) {
  EXPECT_EQ(parse_address("registry.example").text(), "registry.example:7411");
  EXPECT_EQ(parse_address("10.0.0.1:80").text(), "10.0.0.1:80");
  EXPECT_EQ(parse_address("[::1]").text(), "[::1]:7411");
  EXPECT_EQ(parse_address("[fe80::1%eth0]:65535").text(), "[fe80::1%eth0]:65535");
}

TEST(Address, IsRefusedWithTheTextThatIsNone) {
  for (const char* text : {"", ":7411", "host:", "host:0", "host:65536", "host:7411x", "host:-1", "::1", "[::1",
                           "[::1]7411", "[host]:7411", "ho st", "host/path", "ipv4:1.2.3.4:80", "dns:///host"}) {
    try {
      parse_address(text);
      ADD_FAILURE() << text;
    } catch (const std::invalid_argument& e) {
      EXPECT_EQ(e.what(), "expected HOST:PORT, with a port from 1 to 65535, but found \"" + std::string(text) + "\"");
    }
  }
}

TEST(Address, ListsHaveCommas) {
  const auto addresses = parse_addresses("one, two:2 ,[::1]:3");
  ASSERT_EQ(addresses.size(), 3U);
  EXPECT_EQ(addresses[0].text(), "one:7411");
  EXPECT_EQ(addresses[1].text(), "two:2");
  EXPECT_EQ(addresses[2].text(), "[::1]:3");
  EXPECT_THROW(parse_addresses("one,,two"), std::invalid_argument);
}

TEST(Address, ComesFromTheEnvironmentIfNoneIsGiven) {
  setenv("TRACERY_SERVER", "there:1", 1);
  EXPECT_EQ(parse_addresses("").at(0).text(), "there:1");
  EXPECT_EQ(parse_addresses("here").at(0).text(), "here:7411");
  unsetenv("TRACERY_SERVER");
  EXPECT_EQ(parse_addresses("").at(0).text(), "localhost:7411");
}

TEST(Address, OnlySomeAreThisMachine) {
  for (const char* text : {"localhost", "127.0.0.1", "127.255.0.9:1", "[::1]:2"}) {
    EXPECT_TRUE(parse_address(text).is_loopback()) << text;
  }
  for (const char* text : {"localhost.example", "128.0.0.1", "[::2]", "127.0.0.1.example", "[::ffff:1.2.3.4]"}) {
    EXPECT_FALSE(parse_address(text).is_loopback()) << text;
  }
}

TEST(Connecting, DoesNotSendATokenOverTheNetworkInPlainText) {
  ClientOptions options;
  options.token = "secret";
  EXPECT_NO_THROW(Client::connect("localhost,[::1]:9,127.0.0.1", options));
  try {
    Client::connect("localhost,registry.example", options);
    FAIL();
  } catch (const std::invalid_argument& e) {
    EXPECT_STREQ(
        e.what(),
        "the token is not sent to registry.example:7411 in plain text; use TLS, or an address of this machine");
  }
}

TEST(Connecting, RefusesWhatNoHeaderCanHave) {
  ClientOptions options;
  options.token = "two\nlines";
  EXPECT_THROW(Client::connect("localhost", options), std::invalid_argument);
  options.token.clear();
  options.user_agent = "t\xc3\xb6ol";
  EXPECT_THROW(Client::connect("localhost", options), std::invalid_argument);
}

TEST(Connecting, SaysWhichTlsFileCannotBeRead) {
  ClientOptions options;
  options.tls = Tls{.ca_file = "/nowhere/ca.pem", .certificate_file = {}, .key_file = {}};
  try {
    Client::connect("localhost", options);
    FAIL();
  } catch (const Error& e) {
    EXPECT_TRUE(test::contains(e.what(), "/nowhere/ca.pem")) << e.what();
  }
  options.tls = Tls{.ca_file = {}, .certificate_file = "client.pem", .key_file = {}};
  EXPECT_THROW(Client::connect("localhost", options), std::invalid_argument);
}

}  // namespace
}  // namespace tracery
