#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tracery/kernel.h"
#include "tracery/listing.h"
#include "tracery/negotiate.h"
#include "tracery/translate.h"
#include "tracery/v1/admin_service.pb.h"
#include "tracery/v1/compatibility_service.pb.h"
#include "tracery/v1/consumer_service.pb.h"
#include "tracery/v1/registry_service.pb.h"
#include "tracery/watch.h"

namespace tracery {

/// TLS: which registries are trusted, and who the client is.
struct Tls {
  /// A PEM file with the authorities that are trusted; empty: those of the system.
  std::filesystem::path ca_file;
  /// PEM files with the client's certificate and its key; empty: it shows none.
  std::filesystem::path certificate_file, key_file;
};

/// How a client behaves.
struct ClientOptions {
  /// Talks TLS; absent: plain text.
  std::optional<Tls> tls;
  /// Sent as `authorization: Bearer TOKEN`, and only over TLS or to this machine.
  std::string token;
  /// Who is calling, as the registry's log names it, `mytool/1.2`; before `tracery-cpp/0.1`.
  std::string user_agent;
  /// How long a call with one answer may take, connecting included.
  std::chrono::milliseconds deadline{std::chrono::seconds(30)};
  /// How long a check or a registration may take.
  std::chrono::milliseconds transfer_deadline{std::chrono::minutes(30)};
  /// The largest single answer that is accepted, in bytes.
  int max_answer_bytes = 256 << 20;
  /// The revision that is wanted at least; see Client::at_least.
  std::uint64_t at_least_revision = 0;
};

/// How new an answer is. A server answers from memory what it has read of the registry's log.
struct Freshness {
  /// What the server had read when it answered; after a write, the write's revision at least.
  std::uint64_t revision = 0;
  /// How long before the answer it was known that this is all there is.
  std::chrono::milliseconds age{0};
  /// Whether the server reaches its store. One that does not answers from memory, and refuses writes.
  bool store_reachable = true;

  bool operator==(const Freshness&) const = default;
};

/// How a kernel is registered.
struct RegisterOptions {
  /// The series to append it to; may be empty.
  std::string series;
  /// Checks everything and says what would be stored, but stores nothing.
  bool validate_only = false;
  /// What the kernel's BTF says; may be null.
  const v1::KernelTypes* types = nullptr;
};

/// A connection to a registry. Connects when it is first used and again when it must. Copies share the connection, and
/// it may be used by any number of threads.
///
/// Every call throws Unreachable if no registry can be reached, and CallFailed if it is refused. The addresses are
/// servers that follow one log: where one is UNAVAILABLE, or silent for a second, the next is asked, and after a pause
/// all of them again, a few times; nothing else is tried again. A check and a registration are sent from their
/// beginning.
///
/// Calls after a registration see it, whichever server answers them.
///
/// `at_revision` reads the registry as it was at that revision; 0 is now. A kernel is named by its id, an unambiguous
/// prefix of it of 4 digits or more, or an unambiguous release.
class Client {
 public:
  /// A client of the registry at `servers`: `HOST`, `HOST:PORT` or `[IPV6]:PORT`, several with commas. If it is empty,
  /// the environment's TRACERY_SERVER, or `localhost:7411`. Does not wait for the registry to be there. Throws
  /// std::invalid_argument for what is no address, and for a token that would go over the network in plain text; Error
  /// for TLS files that cannot be read.
  static Client connect(std::string_view servers = {}, const ClientOptions& options = {});
  /// The same, with a list of addresses.
  static Client connect(const std::vector<std::string>& servers, const ClientOptions& options = {});

  /// Whether a tool can run on a kernel, and how it reads each event. Within the time that the registry allows, the
  /// answer of an earlier start is used without asking; while no registry can be reached, however old it is.
  ///
  /// Throws Refused if the tool cannot run, Unreachable if no registry can be reached and nothing is kept, CallFailed
  /// if the registry refuses the question, Error if a format is there and cannot be read.
  Negotiated negotiate(const v1::Consumer& tool, const SeenKernel& kernel, const NegotiateOptions& options = {}) const;

  /// One kernel.
  v1::Kernel kernel(std::string_view kernel, std::uint64_t at_revision = 0) const;
  /// Kernels in the order of their registration, or of their joining `series` if that is not empty.
  Listing<v1::Kernel> kernels(std::string_view series = {}, std::uint64_t at_revision = 0) const;
  /// The events of a kernel, or the latest version of every lineage if `kernel` is empty, that match the glob `filter`
  /// (empty: all), in the order of their names.
  Listing<v1::KernelEvent> events(std::string_view kernel = {}, std::string_view filter = {},
                                  std::uint64_t at_revision = 0) const;
  /// One schema version of an event.
  v1::GetSchemaResponse schema(const v1::GetSchemaRequest& request) const;
  /// What differs between two kernels.
  v1::DiffKernelsResponse diff(const v1::DiffKernelsRequest& request) const;
  /// What differs between two schema versions.
  v1::DiffSchemasResponse diff(const v1::DiffSchemasRequest& request) const;

  /// Judges a kernel against the latest of a series, without registering it. Sends only the formats that the registry
  /// does not know. `types` is what the kernel's BTF says, and may be null.
  v1::CheckKernelResponse check(const SeenKernel& kernel, std::string_view series,
                                const v1::KernelTypes* types = nullptr) const;
  /// Registers a kernel, all or nothing. Sends only the formats that the registry does not know.
  v1::RegisterKernelResponse register_kernel(const SeenKernel& kernel, const RegisterOptions& options) const;

  /// Whether a tool can run on a kernel, or on each kernel of a series.
  v1::CanRunResponse can_run(const v1::CanRunRequest& request) const;
  /// Who uses an event, or a glob over events, or a field.
  v1::FindUsesResponse who_uses(std::string_view event, std::string_view field = {}) const;
  /// The same, with everything that can be asked.
  v1::FindUsesResponse who_uses(const v1::FindUsesRequest& request) const;

  /// Every change after a revision, and then every change as it happens. `on_lost` is told each time the registry
  /// cannot be reached, before the pause that follows; it may be empty. Throws Unreachable if it cannot be reached now.
  Watcher watch(std::uint64_t after_revision, std::function<void(const CallFailed&)> on_lost = {}) const;
  /// Has a trace translated, without a deadline.
  Translation translate(const v1::TranslateStart& start) const;
  /// What the registry is and holds.
  v1::GetStatusResponse status() const;

  /// Wants answers from now on of servers only that have read the registry's log up to a revision; it never sinks. A
  /// server that has not waits a little and then refuses, and the next address is asked; if none has, calls throw
  /// Unreachable with the reason `REVISION_NOT_HERE`. A client wants of itself what it wrote.
  void at_least(std::uint64_t revision) const;
  /// How new the last answer of any call is, a refusal, too; nothing before one that says so.
  [[nodiscard]] std::optional<Freshness> freshness() const;

 private:
  class Connection;
  explicit Client(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}
  std::shared_ptr<Connection> connection_;
};

}  // namespace tracery
