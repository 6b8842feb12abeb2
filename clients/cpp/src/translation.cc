#include "translation.h"

#include <string>

#include "status.h"
#include "tracery/v1/translation_service.grpc.pb.h"

namespace tracery {
namespace {

constexpr std::size_t chunk_bytes = 256U << 10U;

}  // namespace

Translation::Call::~Call() {
  if (!ended_) {
    cancel();
    v1::TranslateResponse ignored;
    while (stream_->Read(&ignored)) {
    }
    stream_->Finish();
  }
}

std::optional<v1::TraceItem> Translation::Call::next() {
  while (at_ == answer_.items_size()) {
    if (ended_) {
      return std::nullopt;
    }
    at_ = 0;
    answer_.Clear();
    if (!stream_->Read(&answer_)) {
      ended_ = true;
      const grpc::Status status = stream_->Finish();
      note_(*context_, &status);
      if (!status.ok()) {
        detail::throw_failed(status, server_);
      }
    }
  }
  return std::move(*answer_.mutable_items(at_++));
}

Translation::Translation(std::unique_ptr<Call> call) : call_(std::move(call)) {}
Translation::Translation(Translation&&) noexcept = default;
Translation& Translation::operator=(Translation&&) noexcept = default;
Translation::~Translation() = default;

void Translation::send_file(std::istream& file) {
  v1::TranslateRequest part;
  std::string& chunk = *part.mutable_file_chunk();
  while (file) {
    chunk.resize(chunk_bytes);
    file.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    chunk.resize(static_cast<std::size_t>(file.gcount()));
    if (!chunk.empty() && !call_->send(part)) {
      return;
    }
  }
  if (file.bad() || !file.eof()) {
    cancel();
    throw Error("the trace cannot be read");
  }
  end_of_input();
}

bool Translation::send_pages(std::uint32_t cpu, std::span<const std::byte> pages) {
  v1::TranslateRequest part;
  part.mutable_pages()->set_cpu(cpu);
  part.mutable_pages()->set_pages(pages.data(), pages.size());
  return call_->send(part);
}

void Translation::end_of_input() { call_->end_of_input(); }
std::optional<v1::TraceItem> Translation::next() { return call_->next(); }
void Translation::cancel() noexcept { call_->cancel(); }

}  // namespace tracery
