#include "address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <stdexcept>

namespace tracery::detail {
namespace {

constexpr std::uint16_t default_port = 7411;
constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

bool is_ipv6(const std::string& host) {
  in6_addr address{};
  // A scope, `fe80::1%eth0`, is not the address's.
  return inet_pton(AF_INET6, host.substr(0, host.find('%')).c_str(), &address) == 1;
}

std::invalid_argument malformed(std::string_view text) {
  return std::invalid_argument("expected HOST:PORT, with a port from 1 to 65535, but found \"" + std::string(text) +
                               "\"");
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view()
                                         : text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

}  // namespace

std::string Address::text() const {
  return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + std::to_string(port);
}

bool Address::is_loopback() const {
  in_addr four{};
  in6_addr six{};
  if (inet_pton(AF_INET, host.c_str(), &four) == 1) {
    return ntohl(four.s_addr) >> 24U == 127;
  }
  return host == "localhost" || (inet_pton(AF_INET6, host.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six));
}

Address parse_address(std::string_view text) {
  std::string host;
  std::string_view rest;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) {
      throw malformed(text);
    }
    host = text.substr(1, end - 1);
    rest = text.substr(end + 1);
    if (!is_ipv6(host)) {
      throw malformed(text);
    }
  } else {
    const std::size_t end = std::min(text.find(':'), text.size());
    host = text.substr(0, end);
    rest = text.substr(end);
    if (host.empty() || host.find_first_not_of(letters) != std::string::npos) {
      throw malformed(text);
    }
  }
  std::uint16_t port = default_port;
  if (!rest.empty()) {
    const auto [end, error] = std::from_chars(rest.data() + 1, rest.data() + rest.size(), port);
    if (rest[0] != ':' || error != std::errc() || end != rest.data() + rest.size() || port == 0) {
      throw malformed(text);
    }
  }
  return {std::move(host), port};
}

std::vector<Address> parse_addresses(std::string_view text) {
  text = trimmed(text);
  if (text.empty()) {
    const char* server = std::getenv("TRACERY_SERVER");
    text = server == nullptr ? std::string_view() : trimmed(server);
  }
  if (text.empty()) {
    text = "localhost";
  }
  std::vector<Address> addresses;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t end = std::min(text.find(',', from), text.size());
    addresses.push_back(parse_address(trimmed(text.substr(from, end - from))));
    from = end + 1;
  }
  return addresses;
}

}  // namespace tracery::detail
