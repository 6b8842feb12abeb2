#include "negotiated.h"

#include <algorithm>
#include <cctype>

namespace tracery {
namespace {

/// What a requirement's fit is about.
std::string subject(const v1::Consumer& tool, int requirement, const v1::RequirementFit& fit) {
  if (requirement >= tool.requirements_size()) {
    return "requirement " + std::to_string(requirement);
  }
  const auto& uses = tool.requirements(requirement).any_of();
  const std::string event = fit.chosen() < static_cast<std::uint32_t>(uses.size())
                                ? uses.Get(static_cast<int>(fit.chosen())).event()
                                : std::string();
  return event.empty() ? "the kernel" : event;
}

/// The explanation, or the reason's name.
std::string text(v1::FitReason reason, const std::string& explanation) {
  if (!explanation.empty()) {
    return explanation;
  }
  constexpr std::string_view prefix = "FIT_REASON_";
  std::string name = v1::FitReason_Name(reason);
  if (name.starts_with(prefix)) {
    name.erase(0, prefix.size());
  }
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  return name.empty() ? "unrecognized" : name;
}

std::string ago(std::chrono::milliseconds age) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(age).count();
  if (minutes < 1) {
    return "less than a minute ago";
  }
  if (minutes < 120) {
    return std::to_string(minutes) + (minutes == 1 ? " minute ago" : " minutes ago");
  }
  return minutes < 48 * 60 ? std::to_string(minutes / 60) + " hours ago"
                           : std::to_string(minutes / (24 * 60)) + " days ago";
}

std::string refusal(const Negotiated& negotiated) {
  std::string message = "this tool cannot run on this kernel";
  for (const std::string& reason : negotiated.reasons()) {
    message += "\n  " + reason;
  }
  return message;
}

v1::Requirement requirement(std::string_view event, Tool::Names required, Tool::Names wanted, bool optional) {
  v1::Requirement requirement;
  requirement.set_optional(optional);
  v1::EventUse& use = *requirement.add_any_of();
  use.set_event(std::string(event));
  use.set_access(v1::ACCESS_CLASS_BY_NAME);
  for (const std::string_view name : required) {
    use.add_fields()->add_names(std::string(name));
  }
  for (const std::string_view name : wanted) {
    v1::FieldUse& field = *use.add_fields();
    field.add_names(std::string(name));
    field.set_optional(true);
  }
  return requirement;
}

}  // namespace

Tool::Tool(std::string_view name, std::string_view version) {
  consumer_.set_name(std::string(name));
  consumer_.set_version(std::string(version));
}

Tool& Tool::needs(std::string_view event, Names required, Names wanted) {
  return add(requirement(event, required, wanted, false));
}

Tool& Tool::wants(std::string_view event, Names required, Names wanted) {
  return add(requirement(event, required, wanted, true));
}

Tool& Tool::add(v1::Requirement requirement) {
  *consumer_.add_requirements() = std::move(requirement);
  return *this;
}

v1::RunOutcome Negotiated::outcome() const { return state_->answer.outcome(); }
Source Negotiated::source() const noexcept { return state_->source; }
std::chrono::milliseconds Negotiated::age() const noexcept { return state_->age; }
const v1::NegotiateResponse& Negotiated::answer() const noexcept { return state_->answer; }

std::vector<std::string> Negotiated::warnings() const {
  std::vector<std::string> warnings = reasons();
  if (source() == Source::cache_offline) {
    warnings.insert(warnings.begin(), "the registry cannot be reached (" + state_->offline_reason +
                                          "); going by its answer of " + ago(age()));
  }
  return warnings;
}

std::vector<std::string> Negotiated::reasons() const {
  std::vector<std::string> reasons;
  for (int i = 0; i < answer().requirements_size(); ++i) {
    const v1::RequirementFit& fit = answer().requirements(i);
    if (fit.outcome() == v1::RUN_OUTCOME_ACCEPTED) {
      continue;
    }
    const std::string event = subject(state_->tool, i, fit);
    const bool all_usable =
        std::all_of(fit.fields().begin(), fit.fields().end(), [](const v1::FieldFit& field) { return field.usable(); });
    if (all_usable || !fit.explanation().empty()) {
      reasons.push_back(event + ": " + text(fit.reason(), fit.explanation()));
    }
    for (const v1::FieldFit& field : fit.fields()) {
      if (!field.usable()) {
        reasons.push_back(event + "." + field.name() + ": " + text(field.reason(), field.explanation()));
      }
    }
  }
  return reasons;
}

std::vector<std::string> Negotiated::notes() const {
  std::vector<std::string> notes;
  for (int i = 0; i < answer().requirements_size(); ++i) {
    const v1::RequirementFit& fit = answer().requirements(i);
    for (const v1::FieldFit& field : fit.fields()) {
      if (field.reason() == v1::FIT_REASON_BRIDGED) {
        notes.push_back(subject(state_->tool, i, fit) + "." + field.name() + ": " + field.explanation());
      }
    }
  }
  return notes;
}

std::vector<std::string> Negotiated::events() const {
  std::vector<std::string> events;
  for (const v1::EventReading& reading : answer().events()) {
    events.push_back(reading.event());
  }
  return events;
}

bool Negotiated::has(std::string_view event) const noexcept {
  return std::any_of(answer().events().begin(), answer().events().end(),
                     [&](const v1::EventReading& reading) { return reading.event() == event; });
}

Decoder Negotiated::decoder(std::string_view event) const {
  for (const v1::EventReading& reading : answer().events()) {
    if (reading.event() == event) {
      return Decoder(reading);
    }
  }
  throw Error(std::string(event) + " cannot be decoded here: no requirement of " + state_->tool.name() + " chose it");
}

std::uint32_t Negotiated::id(std::string_view event) const noexcept {
  const auto found = state_->ids.find(event);
  return found == state_->ids.end() ? 0 : found->second;
}

Refused::Refused(Negotiated negotiated) : Error(refusal(negotiated)), negotiated_(std::move(negotiated)) {}

}  // namespace tracery
