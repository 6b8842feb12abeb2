#include "status.h"

#include <string_view>
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

/// What gRPC says where no connection came about, and what that means to people.
std::string connection_problem(const std::string& said) {
  constexpr std::pair<std::string_view, std::string_view> meanings[] = {
      {"wrong version number", "the server speaks plain text, and this client TLS"},
      {"certificate verify failed", "the server's certificate is none that this client trusts"},
      {"is not in peer certificate", "the server's certificate is for another host"},
      {": Socket closed", "the connection was closed at once; does only one side speak TLS?"},
  };
  for (const auto& [words, meaning] : meanings) {
    if (said.find(words) != std::string::npos) {
      return std::string(meaning);
    }
  }
  // "failed to connect to all addresses; last error: UNKNOWN: ipv4:127.0.0.1:7411: Failed to connect to remote host:
  // Connection refused", "DNS resolution failed for ...: Domain name not found": what stands last is the operating
  // system's, and enough.
  for (const std::string_view lead : {"Failed to connect to remote host: ", "DNS resolution failed for "}) {
    if (said.find(lead) != std::string::npos) {
      return said.substr(said.rfind(": ") + 2);
    }
  }
  return said.empty() ? "no reason given" : said;
}

}  // namespace

std::string message(const grpc::Status& status, const std::string& server) {
  const std::string& said = status.error_message();
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE) {
    return server + ": " + connection_problem(said);
  }
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    return server + ": no answer in time";
  }
  return said.empty() ? std::string(to_string(static_cast<StatusCode>(status.error_code()))) : said;
}

std::string reason(const grpc::Status& status) { return read_details(status.error_details()).reason; }

void throw_failed(const grpc::Status& status, const std::string& server, const std::string& others) {
  const int code = status.error_code();
  const bool is_silent = code == grpc::StatusCode::UNAVAILABLE || code == grpc::StatusCode::DEADLINE_EXCEEDED;
  throw_failed(code > 0 && code <= 16 ? static_cast<StatusCode>(code) : StatusCode::unknown,
               (is_silent ? others : std::string()) + message(status, server), read_details(status.error_details()));
}

void throw_failed(StatusCode code, const std::string& message, FailureDetails details) {
  if (code == StatusCode::unavailable) {
    throw Unreachable(code, message, std::move(details));
  }
  throw CallFailed(code, message, std::move(details));
}

}  // namespace detail
}  // namespace tracery
