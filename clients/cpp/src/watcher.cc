#include "watcher.h"

#include <algorithm>

#include "status.h"
#include "tracery/v1/registry_service.grpc.pb.h"

namespace tracery {

Watcher::Call::~Call() {
  close();
  if (stream_) {
    v1::WatchResponse ignored;
    while (stream_->reader->Read(&ignored)) {
    }
    stream_->reader->Finish();
  }
}

void Watcher::Call::close() noexcept {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  if (stream_) {
    stream_->context.TryCancel();
  }
  closing_.notify_all();
}

std::optional<v1::WatchResponse> Watcher::Call::next() {
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_) {
        return std::nullopt;
      }
    }
    if (!stream_) {
      if (!find_address()) {
        pause();
        continue;
      }
      const std::lock_guard lock(mutex_);
      if (closed_) {
        return std::nullopt;
      }
      stream_ = open_(last_whole_);
    }
    if (auto revision = read_revision(*stream_)) {
      last_whole_ = revision->revision();
      pause_ = first_pause;
      return revision;
    }
    const grpc::Status status = stream_->reader->Finish();
    stream_->note(&status);
    const std::string server = stream_->server;
    {
      const std::lock_guard lock(mutex_);
      stream_.reset();
      if (closed_) {
        return std::nullopt;
      }
    }
    // A server that is stopped ends the call in order, or resets it, which arrives as CANCELLED.
    const bool is_lost = status.ok() || status.error_code() == grpc::StatusCode::UNAVAILABLE ||
                         status.error_code() == grpc::StatusCode::CANCELLED;
    try {
      detail::throw_failed(
          status.ok() ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "the registry ended the watch") : status, server);
    } catch (const CallFailed& failure) {
      if (!is_lost) {
        close();
        throw;
      }
      if (on_lost_) {
        on_lost_(failure);
      }
    }
    pause();
    move_on_();
  }
}

/// Puts the parts of a revision together; nothing if the stream ended before the last.
std::optional<v1::WatchResponse> Watcher::Call::read_revision(Stream& stream) {
  std::optional<v1::WatchResponse> revision;
  v1::WatchResponse part;
  while (stream.reader->Read(&part)) {
    if (!stream.is_noted) {
      stream.note(nullptr);
      stream.is_noted = true;
    }
    if (!revision) {
      revision = std::move(part);
    } else {
      revision->mutable_changes()->MergeFrom(part.changes());
      revision->set_more(part.more());
    }
    if (!revision->more()) {
      return revision;
    }
    part.Clear();
  }
  return std::nullopt;
}

/// False if nobody can be reached now, which is told.
bool Watcher::Call::find_address() {
  try {
    find_();
    return true;
  } catch (const CallFailed& failure) {
    if (failure.code() != StatusCode::unavailable && failure.code() != StatusCode::deadline_exceeded) {
      close();
      throw;
    }
    if (on_lost_) {
      on_lost_(failure);
    }
    return false;
  }
}

void Watcher::Call::pause() {
  std::unique_lock lock(mutex_);
  closing_.wait_for(lock, pause_, [this] { return closed_; });
  pause_ = std::min(longest_pause, 2 * pause_);
}

Watcher::Watcher(std::unique_ptr<Call> call) : call_(std::move(call)) {}
Watcher::Watcher(Watcher&&) noexcept = default;
Watcher& Watcher::operator=(Watcher&&) noexcept = default;
Watcher::~Watcher() = default;

std::optional<v1::WatchResponse> Watcher::next() { return call_->next(); }
void Watcher::close() noexcept { call_->close(); }

}  // namespace tracery
