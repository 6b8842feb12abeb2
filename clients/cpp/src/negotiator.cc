#include "negotiator.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <set>

#include "answer_folder.h"
#include "format_text.h"
#include "negotiated.h"
#include "sha256.h"

namespace tracery {
namespace {

using detail::AnswerFolder;
using Time = AnswerFolder::Time;

void log_to_clog(const std::string& message) { std::clog << "tracery: " << message << std::endl; }

std::chrono::milliseconds age(Time then, Time now) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(now - then);
}

bool is_fresh(const AnswerFolder::Kept& kept, Time now) {
  if (kept.answer.outcome() == v1::RUN_OUTCOME_REJECTED) {
    // Who was refused mends something, a bridge or a kernel, and asks again.
    return false;
  }
  // What a Duration allows; chrono would overflow with more.
  constexpr std::int64_t longest = 315'576'000'000;
  const std::chrono::seconds allowed(std::clamp<std::int64_t>(kept.answer.cache_for().seconds(), -longest, longest));
  // Not before its time: the clock was set back, and nobody knows how old the answer is.
  return kept.time <= now &&
         age(kept.time, now) < allowed + std::chrono::milliseconds(kept.answer.cache_for().nanos() / 1'000'000);
}

/// The events that the tool names and the kernel has, in the order of naming, each once.
v1::NegotiateRequest question(const v1::Consumer& tool, const SeenKernel& kernel, bool dry_run) {
  v1::NegotiateRequest request;
  *request.mutable_tool() = tool;
  *request.mutable_kernel() = kernel.identity();
  request.set_dry_run(dry_run);
  request.add_api_versions("tracery.v1");
  std::set<std::string> named;
  for (const v1::Requirement& requirement : tool.requirements()) {
    for (const v1::EventUse& use : requirement.any_of()) {
      if (use.event().empty() || !named.insert(use.event()).second) {
        continue;
      }
      if (const auto text = kernel.format(use.event())) {
        v1::SeenEvent& seen = *request.add_events();
        seen.set_event(use.event());
        seen.set_id(detail::format_id(*text));
        seen.set_layout_hash(detail::layout_hash(*text, kernel.identity()));
      }
    }
  }
  return request;
}

/// What the answer depends on. Ids differ from boot to boot, and the answer does not.
std::string key(v1::NegotiateRequest request) {
  request.clear_dry_run();
  for (v1::SeenEvent& event : *request.mutable_events()) {
    event.clear_id();
  }
  return detail::hex(detail::sha256({request.SerializeAsString()}));
}

}  // namespace

std::optional<std::filesystem::path> default_cache_folder() {
  const std::filesystem::path below = std::filesystem::path("tracery") / "negotiations";
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache == '/') {
    return cache / below;
  }
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home != '/') {
    const passwd* user = getpwuid(geteuid());
    home = user == nullptr ? nullptr : user->pw_dir;
  }
  return home == nullptr || *home != '/' ? std::nullopt : std::optional(std::filesystem::path(home) / ".cache" / below);
}

Negotiated Negotiator::negotiate(const v1::Consumer& tool, const SeenKernel& kernel) const {
  const v1::NegotiateRequest request = question(tool, kernel, options_.dry_run);
  Negotiated::State state{
      .tool = tool, .answer = {}, .ids = {}, .source = Source::registry, .age = {}, .offline_reason = {}};
  for (const v1::SeenEvent& event : request.events()) {
    state.ids.emplace(event.event(), event.id());
  }
  const std::string name = key(request);
  const std::optional<AnswerFolder> folder =
      options_.cache
          ? std::optional<AnswerFolder>(std::in_place, *options_.cache, options_.cache_bytes,
                                        options_.log ? AnswerFolder::Log(options_.log) : AnswerFolder::Log(log_to_clog))
          : std::nullopt;
  std::optional<AnswerFolder::Kept> kept = folder ? folder->get(name) : std::nullopt;
  const auto use_kept = [&](Source source) {
    state.source = source;
    state.age = std::max(age(kept->time, options_.clock()), std::chrono::milliseconds(0));
    state.answer = std::move(kept->answer);
  };
  if (kept && is_fresh(*kept, options_.clock())) {
    use_kept(Source::cache);
  } else {
    try {
      state.answer = ask(request, kernel);
      if (folder && state.answer.need_formats().empty()) {
        folder->put(name, options_.clock(), state.answer);
      }
    } catch (const CallFailed& e) {
      if (e.code() != StatusCode::unavailable && e.code() != StatusCode::deadline_exceeded) {
        throw;
      }
      if (!kept) {
        throw Unreachable(e.code(),
                          std::string("the registry cannot be reached (") + e.what() +
                              "), and there is no answer of an earlier start of " + tool.name() + " " + tool.version() +
                              " on this kernel" + (folder ? " in " + options_.cache->string() : ", for none are kept"),
                          e.details());
      }
      state.offline_reason = e.what();
      use_kept(Source::cache_offline);
    }
  }
  Negotiated negotiated(std::make_shared<const Negotiated::State>(std::move(state)));
  if (negotiated.outcome() == v1::RUN_OUTCOME_REJECTED) {
    throw Refused(std::move(negotiated));
  }
  return negotiated;
}

v1::NegotiateResponse Negotiator::ask(v1::NegotiateRequest request, const SeenKernel& kernel) const {
  const auto deadline = std::chrono::steady_clock::now() + options_.deadline;
  v1::NegotiateResponse answer = ask_(request, deadline);
  if (answer.need_formats().empty()) {
    return answer;
  }
  const std::set<std::string> needed(answer.need_formats().begin(), answer.need_formats().end());
  for (v1::SeenEvent& event : *request.mutable_events()) {
    if (needed.contains(event.event())) {
      event.set_text(kernel.format(event.event()).value_or(""));
    }
  }
  return ask_(request, deadline);
}

}  // namespace tracery
