#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "tracery/v1/compatibility.pb.h"
#include "tracery/v1/diagnostic.pb.h"

namespace tracery {

/// What everything that this library throws is derived from, but for std::bad_alloc and std::invalid_argument (a
/// mistake in the call itself). what() is a sentence for people.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The canonical status codes of gRPC.
enum class StatusCode : std::uint8_t {
  ok = 0,
  cancelled = 1,
  unknown = 2,
  invalid_argument = 3,
  deadline_exceeded = 4,
  not_found = 5,
  already_exists = 6,
  permission_denied = 7,
  resource_exhausted = 8,
  failed_precondition = 9,
  aborted = 10,
  out_of_range = 11,
  unimplemented = 12,
  internal = 13,
  unavailable = 14,
  data_loss = 15,
  unauthenticated = 16,
};

/// The code as gRPC spells it: `NOT_FOUND`.
const char* to_string(StatusCode code) noexcept;

/// A field of a request that is wrong.
struct FieldViolation {
  /// Its path: `header.identity.page_size`.
  std::string field;
  /// What is wrong with it.
  std::string description;
};

/// What a registry said of a call that failed, beyond the message. All of it may be empty.
struct FailureDetails {
  /// The reason within the code: `STORE_FULL`, `STORE_UNAVAILABLE`, `WRITE_UNCERTAIN`; or `CONNECTION_LOST`, by this
  /// library: the registry went away in the middle of a registration, which may or may not have been done.
  std::string reason;
  /// Which fields of the request are wrong; for invalid_argument.
  std::vector<FieldViolation> violations;
  /// What was found in the formats, or the trace, that were sent.
  std::vector<v1::Diagnostic> diagnostics;
  /// What is not there, for not_found: its type (`kernel`) and its name.
  std::string resource_type, resource_name;
  /// What the kernel breaks whose registration was refused for that.
  std::shared_ptr<const v1::CompatibilityReport> report;
};

/// A call that the registry refused, or that failed on the way.
class CallFailed : public Error {
 public:
  CallFailed(StatusCode code, const std::string& message, FailureDetails details = {})
      : Error(message), code_(code), details_(std::make_shared<const FailureDetails>(std::move(details))) {}

  /// The canonical status code.
  [[nodiscard]] StatusCode code() const noexcept { return code_; }

  /// What the registry said beyond the message.
  [[nodiscard]] const FailureDetails& details() const noexcept { return *details_; }

 private:
  StatusCode code_;
  // Why shared: an exception is copied without throwing.
  std::shared_ptr<const FailureDetails> details_;
};

/// No registry could be reached; at a tool's start also: and no answer of an earlier start is kept.
class Unreachable : public CallFailed {
 public:
  using CallFailed::CallFailed;
};

/// A decode plan, or the message that it fills, is none that this library can run.
class BadPlan : public Error {
 public:
  using Error::Error;
};

}  // namespace tracery
