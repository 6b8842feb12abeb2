#include "connection.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace tracery {
namespace {

constexpr const char* user_agent = "tracery-cpp/0.1";
// The diagnostics of a refused registration come as trailers.
constexpr int max_metadata_bytes = 1 << 20;
// A watch has no deadline; this finds out that its server is gone for good. Servers by default take pings more frequent
// than every 5 minutes for an attack.
constexpr int keepalive_millis = 6 * 60 * 1000;

std::string pem(const std::filesystem::path& file) {
  if (file.empty()) {
    return {};
  }
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in || text.empty()) {
    throw Error("cannot read " + file.string() + ", which should be a PEM file" +
                (errno == 0 ? "" : std::string(": ") + std::strerror(errno)));
  }
  return text;
}

std::shared_ptr<grpc::ChannelCredentials> credentials(const std::optional<Tls>& tls) {
  if (!tls) {
    return grpc::InsecureChannelCredentials();
  }
  return grpc::SslCredentials({pem(tls->ca_file), pem(tls->key_file), pem(tls->certificate_file)});
}

/// gRPC ends the process if a header has any other byte.
bool is_header_text(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

Client::Connection::Connection(std::vector<detail::Address> addresses, ClientOptions options)
    : addresses_(std::move(addresses)), options_(std::move(options)), channels_(addresses_.size()) {
  if (!is_header_text(options_.token) || !is_header_text(options_.user_agent)) {
    throw std::invalid_argument("a token and a user agent have printable ASCII characters only");
  }
  if (!options_.tls && !options_.token.empty()) {
    for (const detail::Address& address : addresses_) {
      if (!address.is_loopback()) {
        throw std::invalid_argument("the token is not sent to " + address.text() +
                                    " in plain text; use TLS, or an address of this machine");
      }
    }
  }
  if (options_.tls) {
    if (options_.tls->certificate_file.empty() != options_.tls->key_file.empty()) {
      throw std::invalid_argument("a client's certificate needs its key, and a key its certificate");
    }
    server(0);  // so that files that cannot be read are found now
  }
}

Client::Connection::Server Client::Connection::server(std::size_t index) {
  const std::lock_guard lock(mutex_);
  const detail::Address& address = addresses_[index];
  if (!channels_[index]) {
    grpc::ChannelArguments arguments;
    arguments.SetUserAgentPrefix(options_.user_agent.empty() ? user_agent : options_.user_agent + " " + user_agent);
    arguments.SetMaxReceiveMessageSize(options_.max_answer_bytes);
    arguments.SetMaxSendMessageSize(-1);
    arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, max_metadata_bytes);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, keepalive_millis);
    arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
    // No TXT records: a lookup at each start, for what nobody has.
    arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
    if (address.is_loopback()) {
      arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    }
    channels_[index] = grpc::CreateCustomChannel("dns:///" + address.text(), credentials(options_.tls), arguments);
  }
  return {channels_[index], address.text()};
}

void Client::Connection::move_on() { move_on(current_); }

void Client::Connection::move_on(std::size_t from) {
  const std::size_t next = (from + 1) % addresses_.size();
  current_.compare_exchange_strong(from, next);
  grpc::experimental::ChannelResetConnectionBackoff(server(next).channel.get());
}

void Client::Connection::prepare(grpc::ClientContext& context) const {
  if (!options_.token.empty()) {
    context.AddMetadata("authorization", "Bearer " + options_.token);
  }
}

void Client::Connection::prepare(grpc::ClientContext& context, Moment deadline) const {
  prepare(context);
  // Why at least a millisecond: who has no time left is told so by gRPC, as by a server that is slow.
  const auto left = std::max<std::chrono::steady_clock::duration>(deadline - std::chrono::steady_clock::now(),
                                                                  std::chrono::milliseconds(1));
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::duration_cast<std::chrono::system_clock::duration>(left));
}

}  // namespace tracery
