#pragma once

#include "tracery/negotiate.h"

namespace tracery {

struct Negotiated::State {
  v1::Consumer tool;
  v1::NegotiateResponse answer;
  std::map<std::string, std::uint32_t, std::less<>> ids;
  Source source;
  std::chrono::milliseconds age;
  std::string offline_reason;
};

}  // namespace tracery
