#include "connection.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>

namespace tracery {
namespace {

constexpr const char* user_agent = "tracery-cpp/0.1";
// The diagnostics of a refused registration come as trailers.
constexpr int max_metadata_bytes = 1 << 20;
// A watch has no deadline; this finds out that its server is gone for good. Servers by default take pings more frequent
// than every 5 minutes for an attack.
constexpr int keepalive_millis = 6 * 60 * 1000;
// A machine that is switched off does not say so, and the next address should get its turn before a tool that starts
// loses patience.
constexpr int connect_millis_of_several = 700;

using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

std::string content(const std::filesystem::path& file) {
  std::error_code error;
  std::ifstream in;
  errno = 0;
  if (std::filesystem::is_directory(file, error)) {
    errno = EISDIR;
  } else {
    in.open(file, std::ios::binary);
  }
  if (!in.is_open()) {
    throw Error("cannot read " + file.string() + ", which should be a PEM file: " + std::strerror(errno));
  }
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// What OpenSSL reads from.
std::unique_ptr<BIO, decltype(&BIO_free)> reader(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free};
}

/// The first certificate of a PEM text; null if there is none.
Certificate certificate(const std::string& text) {
  return {PEM_read_bio_X509(reader(text).get(), nullptr, nullptr, nullptr), &X509_free};
}

/// The private key in a PEM text; null if there is none that needs no password.
Key key(const std::string& text) {
  char password[] = "";  // otherwise OpenSSL would ask for it on the terminal
  return {PEM_read_bio_PrivateKey(reader(text).get(), nullptr, nullptr, password), &EVP_PKEY_free};
}

/// Why looked at here: gRPC says "empty address list" of what it cannot use, and only with the first call.
std::shared_ptr<grpc::ChannelCredentials> credentials(const Tls& tls) {
  grpc::SslCredentialsOptions options;
  constexpr const char* no_certificate = " has no certificate in PEM (-----BEGIN CERTIFICATE-----)";
  if (!tls.ca_file.empty()) {
    options.pem_root_certs = content(tls.ca_file);
    if (!certificate(options.pem_root_certs)) {
      throw Error(tls.ca_file.string() + no_certificate);
    }
  }
  if (!tls.certificate_file.empty()) {
    options.pem_cert_chain = content(tls.certificate_file);
    options.pem_private_key = content(tls.key_file);
    const Certificate mine = certificate(options.pem_cert_chain);
    const Key its_key = key(options.pem_private_key);
    if (!mine) {
      throw Error(tls.certificate_file.string() + no_certificate);
    }
    if (!its_key) {
      throw Error(tls.key_file.string() +
                  " has no private key in PEM without a password (-----BEGIN PRIVATE KEY-----)");
    }
    if (X509_check_private_key(mine.get(), its_key.get()) != 1) {
      throw Error("the key " + tls.key_file.string() + " is of another certificate than the first one in " +
                  tls.certificate_file.string());
    }
  }
  return grpc::SslCredentials(options);
}

/// gRPC ends the process if a header has any other byte.
bool is_header_text(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

Client::Connection::Connection(std::vector<detail::Address> addresses, ClientOptions options)
    : addresses_(std::move(addresses)),
      options_(std::move(options)),
      credentials_(grpc::InsecureChannelCredentials()),
      channels_(addresses_.size()) {
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
    credentials_ = credentials(*options_.tls);
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
    if (has_choice()) {
      // How long gRPC waits for a connection: the longer of these two.
      arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, connect_millis_of_several);
      arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, connect_millis_of_several);
    }
    channels_[index] = grpc::CreateCustomChannel("dns:///" + address.text(), credentials_, arguments);
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
