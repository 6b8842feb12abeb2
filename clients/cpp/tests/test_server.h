#pragma once

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <initializer_list>
#include <memory>
#include <string>

namespace tracery::test {

/// A gRPC server on loopback.
class TestServer {
 public:
  explicit TestServer(std::initializer_list<grpc::Service*> services, int port = 0,
                      const std::shared_ptr<grpc::ServerCredentials>& credentials = grpc::InsecureServerCredentials()) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:" + std::to_string(port), credentials, &port_);
    for (grpc::Service* service : services) {
      builder.RegisterService(service);
    }
    server_ = builder.BuildAndStart();
  }
  ~TestServer() { stop(); }

  void stop() {
    if (server_) {
      server_->Shutdown(std::chrono::system_clock::now());
      server_.reset();
    }
  }
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace tracery::test
