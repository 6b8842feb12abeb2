#pragma once

#include <chrono>
#include <functional>

#include "tracery/kernel.h"
#include "tracery/negotiate.h"

namespace tracery {

/// Asks a registry whether a tool can run, when it starts. Sends hashes of formats, and their texts only where the
/// registry asks for them.
class Negotiator {
 public:
  /// Asks the registry; has until then. Throws CallFailed.
  using Ask = std::function<v1::NegotiateResponse(const v1::NegotiateRequest&, std::chrono::steady_clock::time_point)>;

  Negotiator(Ask ask, const NegotiateOptions& options) : ask_(std::move(ask)), options_(options) {}

  /// See Client::negotiate.
  [[nodiscard]] Negotiated negotiate(const v1::Consumer& tool, const SeenKernel& kernel) const;

 private:
  [[nodiscard]] v1::NegotiateResponse ask(v1::NegotiateRequest request, const SeenKernel& kernel) const;

  Ask ask_;
  const NegotiateOptions& options_;
};

}  // namespace tracery
