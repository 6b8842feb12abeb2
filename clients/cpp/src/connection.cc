#include "connection.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <map>
#include <memory>
#include <stdexcept>
#include <thread>

#include "tracery/v1/admin_service.grpc.pb.h"

namespace tracery {
namespace {

constexpr const char* user_agent = "tracery-cpp/0.1";
// The diagnostics of a refused registration come as trailers.
constexpr int max_metadata_bytes = 1 << 20;
// A watch has no deadline; this finds out that its server is silent. Servers take a ping every 10 seconds.
constexpr int keepalive_millis = 15'000;
constexpr int keepalive_answer_millis = 5'000;
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

/// What a key of an answer's metadata says.
std::optional<std::string> said(const std::multimap<grpc::string_ref, grpc::string_ref>& metadata, const char* key) {
  const auto found = metadata.find(key);
  return found == metadata.end()
             ? std::nullopt
             : std::optional<std::string>(std::in_place, found->second.data(), found->second.size());
}

std::optional<std::uint64_t> number(const std::optional<std::string>& text) {
  std::uint64_t value = 0;
  if (!text) {
    return std::nullopt;
  }
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  return error == std::errc() && end == text->data() + text->size() ? std::optional(value) : std::nullopt;
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
      at_least_(options_.at_least_revision),
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
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, keepalive_answer_millis);
    arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);  // no bound
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

void Client::Connection::in_turn(const std::function<Attempt(const Server&, Moment limit)>& attempt, Moment deadline) {
  using Clock = std::chrono::steady_clock;
  std::chrono::milliseconds pause = first_pause;
  for (int retries = 0;; ++retries) {
    std::string unreached;
    for (std::size_t left = addresses_.size(); left > 0; --left) {
      Clock::duration patience = (deadline - Clock::now()) / static_cast<Clock::rep>(left);
      if (retries == 0 && has_choice()) {
        patience = std::min<Clock::duration>(patience, first_patience);
      }
      const Moment limit = Clock::now() + patience;
      const std::size_t current = current_;
      const Server server = this->server(current);
      const auto [status, is_final] = attempt(server, limit);
      if (status.ok()) {
        return;
      }
      // Why a little less: gRPC's clock counts milliseconds.
      const bool is_silent = status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED &&
                             Clock::now() + std::chrono::milliseconds(5) >= limit;
      const bool may_retry = left > 1 || (retries < most_retries && Clock::now() + pause <= deadline);
      if (is_final || !may_retry || !(is_silent || status.error_code() == grpc::StatusCode::UNAVAILABLE)) {
        detail::throw_failed(status, server.name, unreached);
      }
      unreached += detail::message(status, server.name) + "; ";
      move_on(current);
    }
    std::this_thread::sleep_for(pause);
    pause *= 2;
  }
}

void Client::Connection::find(Moment deadline) {
  if (!has_choice()) {
    return;
  }
  in_turn(
      [this](const Server& server, Moment limit) {
        v1::GetStatusResponse response;
        grpc::Status status = ask_once<v1::AdminService>(&v1::AdminService::Stub::GetStatus, server,
                                                         v1::GetStatusRequest(), response, limit);
        const bool is_there = status.error_code() != grpc::StatusCode::UNAVAILABLE &&
                              status.error_code() != grpc::StatusCode::DEADLINE_EXCEEDED;
        return Attempt{is_there ? grpc::Status::OK : std::move(status)};
      },
      deadline);
}

void Client::Connection::prepare(grpc::ClientContext& context) const {
  if (!options_.token.empty()) {
    context.AddMetadata("authorization", "Bearer " + options_.token);
  }
  if (const std::uint64_t revision = at_least_; revision > 0) {
    context.AddMetadata("tracery-at-least-revision", std::to_string(revision));
  }
}

std::optional<std::uint64_t> Client::Connection::note(const grpc::ClientContext& context, const grpc::Status* ended) {
  const auto* metadata = &context.GetServerInitialMetadata();
  if (ended != nullptr && metadata->find("tracery-revision") == metadata->end()) {
    metadata = &context.GetServerTrailingMetadata();
  }
  const std::optional<std::uint64_t> revision = number(said(*metadata, "tracery-revision"));
  if (!revision) {
    return std::nullopt;
  }
  constexpr std::uint64_t longest = std::numeric_limits<std::int64_t>::max();
  const std::uint64_t age = std::min(number(said(*metadata, "tracery-age-ms")).value_or(0), longest);
  const std::lock_guard lock(mutex_);
  freshness_ = Freshness{.revision = *revision,
                         .age = std::chrono::milliseconds(static_cast<std::int64_t>(age)),
                         .store_reachable = said(*metadata, "tracery-store") != "unreachable"};
  return revision;
}

void Client::Connection::at_least(std::uint64_t revision) {
  std::uint64_t now = at_least_;
  while (now < revision && !at_least_.compare_exchange_weak(now, revision)) {
  }
}

std::optional<Freshness> Client::Connection::freshness() const {
  const std::lock_guard lock(mutex_);
  return freshness_;
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
