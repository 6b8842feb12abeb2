#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/sync_stream.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
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

  /// What every call says of the client.
  void prepare(grpc::ClientContext& context) const;
  void prepare(grpc::ClientContext& context, Moment deadline) const;

  /// Calls a method that has one answer. On UNAVAILABLE the next address is asked, then after a pause all of them
  /// again, as long as there is time.
  template <class Service, class Request, class Response>
  Response ask(grpc::Status (Service::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
               const Request& request, Moment deadline) {
    return ask_anyone<Response>(
        [&](const Server& server, grpc::ClientContext& context, Response& response) {
          typename Service::Stub stub(server.channel);
          return (stub.*method)(&context, request, &response);
        },
        deadline);
  }

  /// The server went away in the middle of an upload.
  class Lost : public CallFailed {
   public:
    explicit Lost(const CallFailed& failure) : CallFailed(failure) {}
  };

  template <class Service, class Request, class Response>
  using Upload = std::unique_ptr<grpc::ClientWriter<Request>> (Service::Stub::*)(grpc::ClientContext*, Response*);

  /// Sends a kernel: a header, its events, and its types, which may be null. Asks first which layouts the registry does
  /// not know, and so finds an address that answers.
  template <class Service, class Request, class Response>
  Response upload(const SeenKernel& kernel, const Request& header, const v1::KernelTypes* types,
                  Upload<Service, Request, Response> method);

  /// Whether there is more than one address.
  [[nodiscard]] bool has_choice() const noexcept { return addresses_.size() > 1; }

 private:
  static constexpr std::chrono::milliseconds first_pause{50};
  static constexpr int most_retries = 3;

  template <class Response, class Call>
  Response ask_anyone(const Call& call, Moment deadline) {
    auto pause = first_pause;
    for (int retries = 0;; ++retries) {
      std::string unreached;
      for (std::size_t asked = 1;; ++asked) {
        const std::size_t current = current_;
        const Server server = this->server(current);
        grpc::ClientContext context;
        prepare(context, deadline);
        Response response;
        const grpc::Status status = call(server, context, response);
        if (status.ok()) {
          return response;
        }
        const bool is_last = asked == addresses_.size();
        const bool may_retry =
            !is_last || (retries < most_retries && std::chrono::steady_clock::now() + pause <= deadline);
        if (status.error_code() != grpc::StatusCode::UNAVAILABLE || !may_retry) {
          detail::throw_failed(status, server.name, unreached);
        }
        unreached += detail::message(status, server.name) + "; ";
        move_on(current);
        if (is_last) {
          break;
        }
      }
      std::this_thread::sleep_for(pause);
      pause *= 2;
    }
  }

  Server server(std::size_t index);
  void move_on(std::size_t from);

  const std::vector<detail::Address> addresses_;
  const ClientOptions options_;
  std::shared_ptr<grpc::ChannelCredentials> credentials_;
  std::atomic<std::size_t> current_ = 0;
  std::mutex mutex_;
  std::vector<std::shared_ptr<grpc::Channel>> channels_;
};

}  // namespace tracery
