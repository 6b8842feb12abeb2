#pragma once

#include <grpcpp/support/status.h>

#include <string>

#include "tracery/error.h"

namespace tracery::detail {

/// Throws what a call's status says, google.rpc details included: Unreachable for UNAVAILABLE, CallFailed otherwise.
/// `server` is `HOST:PORT`, for the message.
[[noreturn]] void throw_failed(const grpc::Status& status, const std::string& server);

/// Throws Unreachable for UNAVAILABLE, CallFailed otherwise.
[[noreturn]] void throw_failed(StatusCode code, const std::string& message, FailureDetails details);

}  // namespace tracery::detail
