#include "tracery/client.h"

#include <utility>

#include "connection.h"
#include "negotiator.h"
#include "status.h"
#include "tracery/v1/admin_service.grpc.pb.h"
#include "tracery/v1/compatibility_service.grpc.pb.h"
#include "tracery/v1/consumer_service.grpc.pb.h"
#include "tracery/v1/negotiation_service.grpc.pb.h"
#include "tracery/v1/registry_service.grpc.pb.h"
#include "tracery/v1/translation_service.grpc.pb.h"
#include "translation.h"
#include "upload.h"
#include "watcher.h"

namespace tracery {
namespace {

using v1::AdminService;
using v1::CompatibilityService;
using v1::ConsumerService;
using v1::NegotiationService;
using v1::RegistryService;
using v1::TranslationService;

template <class T>
std::vector<T> taken(google::protobuf::RepeatedPtrField<T>& things) {
  return {std::make_move_iterator(things.begin()), std::make_move_iterator(things.end())};
}

/// A listing whose pages are asked for when the last one is used up. `ask` turns a token into a page; a page may be
/// empty and not the last.
template <class T, class Ask, class Things>
Listing<T> listing(Ask ask, Things things) {
  return Listing<T>([ask = std::move(ask), things, token = std::string(), last = false]() mutable {
    std::vector<T> page;
    while (page.empty() && !last) {
      auto answer = ask(token);
      token = answer.next_page_token();
      last = token.empty();
      page = taken(*things(answer));
    }
    return page;
  });
}

}  // namespace

Client Client::connect(std::string_view servers, const ClientOptions& options) {
  return Client(std::make_shared<Connection>(detail::parse_addresses(servers), options));
}

Client Client::connect(const std::vector<std::string>& servers, const ClientOptions& options) {
  std::vector<detail::Address> addresses;
  for (const std::string& server : servers) {
    addresses.push_back(detail::parse_address(server));
  }
  if (addresses.empty()) {
    addresses = detail::parse_addresses({});
  }
  return Client(std::make_shared<Connection>(std::move(addresses), options));
}

Negotiated Client::negotiate(const v1::Consumer& tool, const SeenKernel& kernel,
                             const NegotiateOptions& options) const {
  const Negotiator negotiator(
      [this](const v1::NegotiateRequest& request, std::chrono::steady_clock::time_point deadline) {
        return connection_->ask<NegotiationService>(&NegotiationService::Stub::Negotiate, request, deadline);
      },
      options);
  return negotiator.negotiate(tool, kernel);
}

v1::Kernel Client::kernel(std::string_view kernel, std::uint64_t at_revision) const {
  v1::GetKernelRequest request;
  request.set_kernel(std::string(kernel));
  request.set_at_revision(at_revision);
  return connection_->ask<RegistryService>(&RegistryService::Stub::GetKernel, request, connection_->deadline())
      .kernel();
}

Listing<v1::Kernel> Client::kernels(std::string_view series, std::uint64_t at_revision) const {
  v1::ListKernelsRequest request;
  request.set_series(std::string(series));
  request.set_at_revision(at_revision);
  request.set_page_size(1000);
  return listing<v1::Kernel>(
      [connection = connection_, request](const std::string& token) mutable {
        request.set_page_token(token);
        return connection->ask<RegistryService>(&RegistryService::Stub::ListKernels, request, connection->deadline());
      },
      [](v1::ListKernelsResponse& page) { return page.mutable_kernels(); });
}

Listing<v1::KernelEvent> Client::events(std::string_view kernel, std::string_view filter,
                                        std::uint64_t at_revision) const {
  v1::ListEventsRequest request;
  request.set_kernel(std::string(kernel));
  request.set_filter(std::string(filter));
  request.set_at_revision(at_revision);
  request.set_page_size(5000);
  return listing<v1::KernelEvent>(
      [connection = connection_, request](const std::string& token) mutable {
        request.set_page_token(token);
        return connection->ask<RegistryService>(&RegistryService::Stub::ListEvents, request, connection->deadline());
      },
      [](v1::ListEventsResponse& page) { return page.mutable_events(); });
}

v1::GetSchemaResponse Client::schema(const v1::GetSchemaRequest& request) const {
  return connection_->ask<RegistryService>(&RegistryService::Stub::GetSchema, request, connection_->deadline());
}

v1::DiffKernelsResponse Client::diff(const v1::DiffKernelsRequest& request) const {
  return connection_->ask<RegistryService>(&RegistryService::Stub::DiffKernels, request, connection_->deadline());
}

v1::DiffSchemasResponse Client::diff(const v1::DiffSchemasRequest& request) const {
  return connection_->ask<RegistryService>(&RegistryService::Stub::DiffSchemas, request, connection_->deadline());
}

v1::CanRunResponse Client::can_run(const v1::CanRunRequest& request) const {
  return connection_->ask<CompatibilityService>(&CompatibilityService::Stub::CanRun, request, connection_->deadline());
}

v1::FindUsesResponse Client::who_uses(std::string_view event, std::string_view field) const {
  v1::FindUsesRequest request;
  request.set_event(std::string(event));
  request.set_field(std::string(field));
  return who_uses(request);
}

v1::FindUsesResponse Client::who_uses(const v1::FindUsesRequest& request) const {
  return connection_->ask<ConsumerService>(&ConsumerService::Stub::FindUses, request, connection_->deadline());
}

v1::GetStatusResponse Client::status() const {
  return connection_->ask<AdminService>(&AdminService::Stub::GetStatus, v1::GetStatusRequest(),
                                        connection_->deadline());
}

template <class Service, class Request, class Response>
Response Client::Connection::upload(const SeenKernel& kernel, const Request& header, const v1::KernelTypes* types,
                                    Upload<Service, Request, Response> method, bool is_write) {
  const std::vector<detail::OfferedEvent> events = detail::offered_events(kernel);
  const std::vector<v1::FindMissingLayoutsRequest> questions = detail::missing_layouts_requests(events);
  const Moment end = std::chrono::steady_clock::now() + options_.transfer_deadline;
  Response response;
  const auto send = [&](const Server& server, std::set<std::string> missing) {
    grpc::ClientContext context;
    prepare(context, end);
    typename Service::Stub stub(server.channel);
    response.Clear();
    const auto writer = (stub.*method)(&context, &response);
    try {
      // A server that has heard enough takes no more; what it says of that comes with the status.
      bool wanted = writer->Write(header);
      wanted = wanted && detail::send_events(kernel, events, std::move(missing), [&](v1::EventFormats&& chunk) {
                 Request part;
                 *part.mutable_events() = std::move(chunk);
                 return writer->Write(part);
               });
      if (wanted && types != nullptr) {
        detail::send_types(*types, [&](v1::KernelTypes&& chunk) {
          Request part;
          *part.mutable_types() = std::move(chunk);
          return writer->Write(part);
        });
      }
    } catch (...) {
      context.TryCancel();
      writer->Finish();
      throw;
    }
    writer->WritesDone();
    grpc::Status status = writer->Finish();
    if (const auto revision = note(context, &status); is_write && status.ok() && revision) {
      at_least(*revision);
    }
    return status;
  };
  bool is_lost = false;
  bool is_settled = false;
  try {
    in_turn(
        [&](const Server& server, Moment limit) {
          const Moment patience = std::min(limit, deadline());
          std::set<std::string> missing;
          for (const auto& question : questions) {
            v1::FindMissingLayoutsResponse answer;
            const grpc::Status status = ask_once<RegistryService>(&RegistryService::Stub::FindMissingLayouts, server,
                                                                  question, answer, patience);
            if (!status.ok()) {
              return Attempt{status};
            }
            missing.insert(answer.missing().begin(), answer.missing().end());
          }
          const grpc::Status status = send(server, std::move(missing));
          const bool is_unavailable = status.error_code() == grpc::StatusCode::UNAVAILABLE;
          if ((is_unavailable || status.error_code() == grpc::StatusCode::CANCELLED) &&
              detail::reason(status).empty()) {
            is_lost = true;
            // A server that is stopped resets its streams, which arrives as CANCELLED.
            return Attempt{grpc::Status(grpc::StatusCode::UNAVAILABLE, status.error_message())};
          }
          is_settled = !is_unavailable;
          return Attempt{status, is_settled};
        },
        end);
  } catch (const CallFailed& e) {
    if (is_lost && !is_settled) {
      throw Lost(e);
    }
    throw;
  }
  return response;
}

v1::CheckKernelResponse Client::check(const SeenKernel& kernel, std::string_view series,
                                      const v1::KernelTypes* types) const {
  v1::CheckKernelRequest header;
  *header.mutable_header()->mutable_identity() = kernel.identity();
  header.mutable_header()->set_series(std::string(series));
  try {
    return connection_->upload<CompatibilityService>(kernel, header, types, &CompatibilityService::Stub::CheckKernel,
                                                     false);
  } catch (const Connection::Lost& e) {
    detail::throw_failed(e.code(), e.what(), e.details());
  }
}

v1::RegisterKernelResponse Client::register_kernel(const SeenKernel& kernel, const RegisterOptions& options) const {
  v1::RegisterKernelRequest header;
  *header.mutable_header()->mutable_identity() = kernel.identity();
  header.mutable_header()->set_series(options.series);
  header.mutable_header()->set_validate_only(options.validate_only);
  try {
    return connection_->upload<RegistryService>(kernel, header, options.types, &RegistryService::Stub::RegisterKernel,
                                                true);
  } catch (const Connection::Lost& e) {
    FailureDetails details = e.details();
    details.reason = "CONNECTION_LOST";
    detail::throw_failed(
        e.code(),
        std::string("the connection to the registry was lost (") + e.what() + "); " +
            (options.validate_only ? "validating stores nothing" : "the kernel may or may not be registered") +
            ", and doing it again is safe",
        std::move(details));
  }
}

Watcher Client::watch(std::uint64_t after_revision, std::function<void(const CallFailed&)> on_lost) const {
  status();
  return Watcher(std::make_unique<Watcher::Call>(
      [connection = connection_](std::uint64_t after) {
        auto stream = std::make_unique<Watcher::Call::Stream>();
        const Connection::Server server = connection->server();
        connection->prepare(stream->context);
        stream->server = server.name;
        v1::WatchRequest request;
        request.set_after_revision(after);
        stream->reader = RegistryService::Stub(server.channel).Watch(&stream->context, request);
        stream->note = [connection, &context = stream->context](const grpc::Status* ended) {
          connection->note(context, ended);
        };
        return stream;
      },
      [connection = connection_] { connection->find(std::chrono::steady_clock::now() + Watcher::Call::find_deadline); },
      [connection = connection_] { connection->move_on(); }, after_revision, std::move(on_lost)));
}

Translation Client::translate(const v1::TranslateStart& start) const {
  connection_->find(connection_->deadline());
  const Connection::Server server = connection_->server();
  auto context = std::make_unique<grpc::ClientContext>();
  connection_->prepare(*context);
  auto stream = TranslationService::Stub(server.channel).Translate(context.get());
  v1::TranslateRequest first;
  *first.mutable_start() = start;
  stream->Write(first);
  const auto note = [connection = connection_](const grpc::ClientContext& of, const grpc::Status* ended) {
    connection->note(of, ended);
  };
  return Translation(std::make_unique<Translation::Call>(std::move(context), std::move(stream), server.name, note));
}

void Client::at_least(std::uint64_t revision) const { connection_->at_least(revision); }

std::optional<Freshness> Client::freshness() const { return connection_->freshness(); }

}  // namespace tracery
