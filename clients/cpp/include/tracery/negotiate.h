#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tracery/decode.h"
#include "tracery/error.h"
#include "tracery/v1/consumer.pb.h"
#include "tracery/v1/negotiation_service.pb.h"

namespace tracery {

/// A tool and what it needs, for tools that find fields by name. Whatever else a requirement can say, a v1::Consumer or
/// v1::Requirement says.
class Tool {
 public:
  using Names = std::initializer_list<std::string_view>;

  Tool(std::string_view name, std::string_view version);

  /// Does not run without the event and the fields `required`; would like the fields `wanted`.
  Tool& needs(std::string_view event, Names required = {}, Names wanted = {});
  /// The same of an event that it can do without.
  Tool& wants(std::string_view event, Names required = {}, Names wanted = {});
  /// Any requirement.
  Tool& add(v1::Requirement requirement);

  /// The tool as the registry takes it.
  operator const v1::Consumer&() const noexcept { return consumer_; }  // NOLINT(google-explicit-constructor)

 private:
  v1::Consumer consumer_;
};

/// Where an answer comes from.
enum class Source : std::uint8_t {
  /// From the registry, now.
  registry,
  /// Kept from an earlier start, and not older than the registry allows.
  cache,
  /// Kept from an earlier start, however old: the registry cannot be reached.
  cache_offline,
};

/// How a tool runs here.
class Negotiated {
 public:
  /// Accepted, degraded, or unknown: the registry cannot tell, and the warnings say why. Rejected only in a Refused.
  [[nodiscard]] v1::RunOutcome outcome() const;
  /// Where the answer comes from.
  [[nodiscard]] Source source() const noexcept;
  /// How long ago the registry gave it.
  [[nodiscard]] std::chrono::milliseconds age() const noexcept;

  /// What the tool's user should know: what is missing and why, and that the answer is an old one.
  [[nodiscard]] std::vector<std::string> warnings() const;
  /// Why it is not accepted without reserve: a sentence for each requirement and field that is not as the tool would
  /// have it.
  [[nodiscard]] std::vector<std::string> reasons() const;
  /// What is not read as the kernel wrote it: a sentence for each field that a translator of the registry fills.
  [[nodiscard]] std::vector<std::string> notes() const;

  /// The events that can be decoded, in the order of the requirements.
  [[nodiscard]] std::vector<std::string> events() const;
  /// Whether an event can be decoded: a requirement chose it.
  [[nodiscard]] bool has(std::string_view event) const noexcept;
  /// Reads the records of an event. Throws Error if it cannot be decoded here, and BadPlan if the registry's plan is
  /// none.
  [[nodiscard]] Decoder decoder(std::string_view event) const;
  /// The event's id on this kernel, which is `common_type` in its records and perf's `config`; 0 if its format was not
  /// seen.
  [[nodiscard]] std::uint32_t id(std::string_view event) const noexcept;

  /// All that the registry said.
  [[nodiscard]] const v1::NegotiateResponse& answer() const noexcept;

 private:
  friend class Negotiator;
  struct State;
  explicit Negotiated(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

/// The tool cannot run on this kernel; what() has the reasons.
class Refused : public Error {
 public:
  explicit Refused(Negotiated negotiated);

  /// Why: see Negotiated::reasons.
  [[nodiscard]] std::vector<std::string> reasons() const { return negotiated_.reasons(); }
  /// The whole answer.
  [[nodiscard]] const Negotiated& negotiated() const noexcept { return negotiated_; }

 private:
  Negotiated negotiated_;
};

/// `$XDG_CACHE_HOME/tracery/negotiations` or `~/.cache/tracery/negotiations`; nothing if there is no home.
std::optional<std::filesystem::path> default_cache_folder();

/// How a tool negotiates.
struct NegotiateOptions {
  /// How long it may take in all.
  std::chrono::milliseconds deadline{2000};
  /// Where answers are kept for the next start; nothing to keep none. Tools of all languages may share it.
  std::optional<std::filesystem::path> cache = default_cache_folder();
  /// How large that may become, in bytes.
  std::uintmax_t cache_bytes = 16U << 20U;
  /// Only a question, and no start of the tool: the registry does not note that somebody runs it.
  bool dry_run = false;
  /// Told what is wrong with the cache; the tool starts all the same. Empty: std::clog.
  std::function<void(const std::string&)> log;
  /// The time by which answers are kept; for tests.
  std::function<std::chrono::system_clock::time_point()> clock = std::chrono::system_clock::now;
};

}  // namespace tracery
