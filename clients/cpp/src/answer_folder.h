#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "tracery/v1/negotiation_service.pb.h"

namespace tracery::detail {

/// Answers as files, one for each question, under the question's hash. Any number of processes may use the folder: a
/// file is whole or not there. What goes wrong with it costs the answer, a line of the log, and nothing else.
class AnswerFolder {
 public:
  using Time = std::chrono::system_clock::time_point;
  using Log = std::function<void(const std::string&)>;

  /// An answer with the time at which the registry gave it.
  struct Kept {
    Time time;
    v1::NegotiateResponse answer;
  };

  /// `folder` is made when it is first needed, for this user only.
  AnswerFolder(std::filesystem::path folder, std::uintmax_t max_bytes, Log log)
      : folder_(std::move(folder)), max_bytes_(max_bytes), log_(std::move(log)) {}

  /// The answer to a question. A damaged file is removed.
  std::optional<Kept> get(const std::string& question) const;
  /// Keeps an answer, and drops what was not used for longest where there is too much.
  void put(const std::string& question, Time time, const v1::NegotiateResponse& answer) const;

 private:
  std::filesystem::path folder_;
  std::uintmax_t max_bytes_;
  Log log_;
};

}  // namespace tracery::detail
