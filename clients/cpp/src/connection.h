#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/sync_stream.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "address.h"
#include "status.h"
#include "tracery/client.h"

namespace tracery {

/// Channels to the registry's addresses, one each, made when they are first used. Thread-safe.
class Client::Connection {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  /// A channel, and whose it is.
  struct Server {
    std::shared_ptr<grpc::Channel> channel;
    std::string name;
  };

  Connection(std::vector<detail::Address> addresses, ClientOptions options);

  [[nodiscard]] const ClientOptions& options() const noexcept { return options_; }
  [[nodiscard]] Moment deadline() const { return std::chrono::steady_clock::now() + options_.deadline; }

  /// The address that answered last.
  Server server() { return server(current_); }
  /// Goes on with the next address, and does not wait until gRPC would try again.
  void move_on();
  /// Turns to an address that answers, if there is a choice. Throws CallFailed.
  void find(Moment deadline);

  /// What every call says of the client.
  void prepare(grpc::ClientContext& context) const;
  void prepare(grpc::ClientContext& context, Moment deadline) const;
  /// Notes how new an answer is whose first metadata has come. Returns its revision, if it says one.
  std::optional<std::uint64_t> note(const grpc::ClientContext& context, const grpc::Status* ended = nullptr);
  /// Wants a revision at least.
  void at_least(std::uint64_t revision);
  [[nodiscard]] std::optional<Freshness> freshness() const;

  /// Calls a method that reads and has one answer. An address that is unavailable or silent is passed over, then after
  /// a pause all of them are asked again, as long as there is time.
  template <class Service, class Request, class Response>
  Response ask(grpc::Status (Service::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
               const Request& request, Moment deadline) {
    Response response;
    in_turn([&](const Server& server,
                Moment limit) { return Attempt{ask_once<Service>(method, server, request, response, limit)}; },
            deadline);
    return response;
  }

  /// The server went away in the middle of an upload.
  class Lost : public CallFailed {
   public:
    explicit Lost(const CallFailed& failure) : CallFailed(failure) {}
  };

  template <class Service, class Request, class Response>
  using Upload = std::unique_ptr<grpc::ClientWriter<Request>> (Service::Stub::*)(grpc::ClientContext*, Response*);

  /// Sends a kernel: a header, its events, and its types, which may be null. Asks first which layouts an address does
  /// not know, and so finds one that answers. If it refuses for now, or goes away, the next gets all of it.
  template <class Service, class Request, class Response>
  Response upload(const SeenKernel& kernel, const Request& header, const v1::KernelTypes* types,
                  Upload<Service, Request, Response> method, bool is_write);

  /// Whether there is more than one address.
  [[nodiscard]] bool has_choice() const noexcept { return addresses_.size() > 1; }

 private:
  static constexpr std::chrono::milliseconds first_pause{50};
  static constexpr int most_retries = 3;
  /// How long one of several addresses may be silent before the next is asked.
  static constexpr std::chrono::seconds first_patience{1};

  /// How a call at one address ended, and whether that is the end whatever it is.
  struct Attempt {
    grpc::Status status;
    bool is_final = false;
  };

  /// Makes an attempt at each address, until its limit, as long as they are unavailable or silent. Throws CallFailed.
  void in_turn(const std::function<Attempt(const Server&, Moment limit)>& attempt, Moment deadline);

  template <class Service, class Request, class Response>
  grpc::Status ask_once(grpc::Status (Service::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                        const Server& server, const Request& request, Response& response, Moment limit) {
    grpc::ClientContext context;
    prepare(context, limit);
    typename Service::Stub stub(server.channel);
    grpc::Status status = (stub.*method)(&context, request, &response);
    note(context, &status);
    return status;
  }

  Server server(std::size_t index);
  void move_on(std::size_t from);

  const std::vector<detail::Address> addresses_;
  const ClientOptions options_;
  std::shared_ptr<grpc::ChannelCredentials> credentials_;
  std::atomic<std::size_t> current_ = 0;
  std::atomic<std::uint64_t> at_least_;
  mutable std::mutex mutex_;
  std::optional<Freshness> freshness_;
  std::vector<std::shared_ptr<grpc::Channel>> channels_;
};

}  // namespace tracery
