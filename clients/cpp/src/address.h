#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tracery::detail {

/// Where a registry listens.
struct Address {
  std::string host;  // a name, an IPv4 address, or an IPv6 address without brackets
  std::uint16_t port;

  /// `HOST:PORT`, as gRPC and people take it.
  [[nodiscard]] std::string text() const;
  /// Whether it is this machine, so that nobody listens on the way.
  [[nodiscard]] bool is_loopback() const;
};

/// Reads `HOST`, `HOST:PORT`, `[IPV6]` or `[IPV6]:PORT`. Throws std::invalid_argument for anything else.
Address parse_address(std::string_view text);

/// Reads several with commas between them; if there is nothing, TRACERY_SERVER or `localhost:7411`.
std::vector<Address> parse_addresses(std::string_view text);

}  // namespace tracery::detail
