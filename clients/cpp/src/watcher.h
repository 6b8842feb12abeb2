#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/support/sync_stream.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "connection.h"
#include "tracery/watch.h"

namespace tracery {

/// A watch, which is one call after the other.
class Watcher::Call {
 public:
  /// Opens the stream of what follows a revision, with a context that is its own.
  struct Stream {
    grpc::ClientContext context;
    std::string server;
    std::unique_ptr<grpc::ClientReader<v1::WatchResponse>> reader;
    /// Told when metadata has come.
    std::function<void(const grpc::Status* ended)> note;
    bool is_noted = false;
  };
  using Open = std::function<std::unique_ptr<Stream>(std::uint64_t after_revision)>;
  using OnLost = std::function<void(const CallFailed&)>;

  /// How long an address that answers is looked for before the next pause.
  static constexpr std::chrono::seconds find_deadline{5};

  /// `find` turns to an address that answers, or throws CallFailed; `move_on` goes on with the next address.
  Call(Open open, std::function<void()> find, std::function<void()> move_on, std::uint64_t after_revision,
       OnLost on_lost)
      : open_(std::move(open)),
        find_(std::move(find)),
        move_on_(std::move(move_on)),
        on_lost_(std::move(on_lost)),
        last_whole_(after_revision) {}
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  ~Call();

  std::optional<v1::WatchResponse> next();
  void close() noexcept;

 private:
  static constexpr std::chrono::milliseconds first_pause{100};
  static constexpr std::chrono::milliseconds longest_pause{10'000};

  std::optional<v1::WatchResponse> read_revision(Stream& stream);
  bool find_address();
  void pause();

  const Open open_;
  const std::function<void()> find_;
  const std::function<void()> move_on_;
  const OnLost on_lost_;
  std::uint64_t last_whole_;
  std::chrono::milliseconds pause_ = first_pause;
  std::mutex mutex_;
  std::condition_variable closing_;
  bool closed_ = false;
  std::unique_ptr<Stream> stream_;  // changed by the thread that iterates only, with the mutex
};

}  // namespace tracery
