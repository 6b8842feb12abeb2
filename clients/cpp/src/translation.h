#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/support/sync_stream.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "tracery/translate.h"

namespace tracery {

/// A translation that runs.
class Translation::Call {
 public:
  using Stream = grpc::ClientReaderWriter<v1::TranslateRequest, v1::TranslateResponse>;

  /// Told what an answer's metadata says of it.
  using Note = std::function<void(const grpc::ClientContext&, const grpc::Status* ended)>;

  /// `context` is the stream's.
  Call(std::unique_ptr<grpc::ClientContext> context, std::unique_ptr<Stream> stream, std::string server, Note note)
      : context_(std::move(context)), stream_(std::move(stream)), server_(std::move(server)), note_(std::move(note)) {}
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  ~Call();

  bool send(const v1::TranslateRequest& part) { return stream_->Write(part); }
  void end_of_input() { stream_->WritesDone(); }
  std::optional<v1::TraceItem> next();
  void cancel() noexcept { context_->TryCancel(); }

 private:
  std::unique_ptr<grpc::ClientContext> context_;
  std::unique_ptr<Stream> stream_;
  std::string server_;
  Note note_;
  v1::TranslateResponse answer_;
  int at_ = 0;
  bool ended_ = false;
};

}  // namespace tracery
