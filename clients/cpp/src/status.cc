#include "status.h"

#include <utility>

#include "rpc_status.pb.h"

namespace tracery {

const char* to_string(StatusCode code) noexcept {
  constexpr const char* names[] = {
      "OK",        "CANCELLED",       "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
      "NOT_FOUND", "ALREADY_EXISTS",  "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
      "ABORTED",   "OUT_OF_RANGE",    "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
      "DATA_LOSS", "UNAUTHENTICATED",
  };
  const auto index = static_cast<std::size_t>(code);
  return index < std::size(names) ? names[index] : "UNKNOWN";
}

namespace detail {
namespace {

/// Whether a detail is of a message, whatever registry of types its URL names.
bool is(const google::protobuf::Any& detail, std::string_view type) {
  const std::string_view url = detail.type_url();
  return url.substr(url.rfind('/') + 1) == type;
}

/// A detail that cannot be read must not hide the status that it explains.
FailureDetails read_details(const std::string& bytes) {
  FailureDetails found;
  client::RpcStatus status;
  if (!status.ParseFromString(bytes)) {
    return found;
  }
  for (const google::protobuf::Any& detail : status.details()) {
    if (is(detail, "google.rpc.ErrorInfo")) {
      if (client::ErrorInfo info; info.ParseFromString(detail.value())) {
        found.reason = info.reason();
      }
    } else if (is(detail, "google.rpc.BadRequest")) {
      if (client::BadRequest request; request.ParseFromString(detail.value())) {
        for (const auto& violation : request.field_violations()) {
          found.violations.push_back({violation.field(), violation.description()});
        }
      }
    } else if (is(detail, "google.rpc.ResourceInfo")) {
      if (client::ResourceInfo info; info.ParseFromString(detail.value())) {
        found.resource_type = info.resource_type();
        found.resource_name = info.resource_name();
      }
    } else if (is(detail, "tracery.v1.Diagnostic")) {
      if (v1::Diagnostic diagnostic; diagnostic.ParseFromString(detail.value())) {
        found.diagnostics.push_back(std::move(diagnostic));
      }
    } else if (is(detail, "tracery.v1.CompatibilityReport")) {
      if (auto report = std::make_shared<v1::CompatibilityReport>(); report->ParseFromString(detail.value())) {
        found.report = std::move(report);
      }
    }
  }
  return found;
}

/// gRPC says "failed to connect to all addresses; last error: UNKNOWN: ipv4:127.0.0.1:7411: Failed to connect to remote
/// host: Connection refused"; what stands last is the operating system's, and enough.
std::string message(const grpc::Status& status, const std::string& server) {
  const std::string& said = status.error_message();
  constexpr std::string_view lead = "Failed to connect to remote host: ";
  const std::size_t at = said.rfind(lead);
  if (at != std::string::npos) {
    return server + ": " + said.substr(at + lead.size());
  }
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE) {
    return server + ": " + (said.empty() ? "no reason given" : said);
  }
  return said.empty() ? std::string(to_string(static_cast<StatusCode>(status.error_code()))) : said;
}

}  // namespace

void throw_failed(const grpc::Status& status, const std::string& server) {
  const int code = status.error_code();
  throw_failed(code > 0 && code <= 16 ? static_cast<StatusCode>(code) : StatusCode::unknown, message(status, server),
               read_details(status.error_details()));
}

void throw_failed(StatusCode code, const std::string& message, FailureDetails details) {
  if (code == StatusCode::unavailable) {
    throw Unreachable(code, message, std::move(details));
  }
  throw CallFailed(code, message, std::move(details));
}

}  // namespace detail
}  // namespace tracery
