// Negotiates 5 events, builds their decoders, and ends: what a tool's start costs.
// negotiate SERVER TRACEFS RELEASE BUILD MACHINE BITS ORDER PAGE_SIZE
#include <tracery/tracery.h>

#include <iostream>
#include <string>
#include <vector>

int main(int argc, char** argv) try {
  const std::vector<std::string> args(argv + 1, argv + argc);
  if (args.size() != 8) {
    throw std::invalid_argument("negotiate SERVER TRACEFS RELEASE BUILD MACHINE BITS ORDER PAGE_SIZE");
  }
  const auto kernel = tracery::SeenKernel::copy(
      args[1], tracery::kernel_identity(args[2], args[3], args[4], std::stoi(args[5]),
                                        args[6] == "big" ? std::endian::big : std::endian::little,
                                        static_cast<std::uint32_t>(std::stoul(args[7]))));
  tracery::Tool tool("bench-negotiate", "1.0");
  for (const char* event : {"sched/sched_switch", "sched/sched_waking", "sched/sched_process_exit",
                            "irq/irq_handler_entry", "irq/softirq_entry"}) {
    tool.needs(event);
  }
  tracery::NegotiateOptions options;
  options.cache.reset();
  options.dry_run = true;
  const auto negotiated = tracery::Client::connect(args[0]).negotiate(tool, kernel, options);
  std::size_t fields = 0;
  for (const std::string& event : negotiated.events()) {
    fields += negotiated.decoder(event).fields().size();
  }
  std::cout << negotiated.events().size() << " events, " << fields << " fields\n";
} catch (const std::exception& e) {
  std::cerr << "negotiate: " << e.what() << '\n';
  return 2;
}
