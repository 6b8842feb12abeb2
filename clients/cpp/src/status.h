#pragma once

#include <grpcpp/support/status.h>

#include <string>

#include "tracery/error.h"

namespace tracery::detail {

/// Throws what a call's status says, google.rpc details included: Unreachable for UNAVAILABLE, CallFailed otherwise.
/// `server` is `HOST:PORT`, for the message; `others` what those said that were asked before, which matters only if
/// this one did not answer either.
[[noreturn]] void throw_failed(const grpc::Status& status, const std::string& server, const std::string& others = {});

/// What a call's status says, for people; of a server that cannot be reached with its name.
std::string message(const grpc::Status& status, const std::string& server);

/// The reason that a registry gave with a status; empty if it gave none.
std::string reason(const grpc::Status& status);

/// Throws Unreachable for UNAVAILABLE, CallFailed otherwise.
[[noreturn]] void throw_failed(StatusCode code, const std::string& message, FailureDetails details);

}  // namespace tracery::detail
