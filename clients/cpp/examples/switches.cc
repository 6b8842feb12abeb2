#include <tracery/tracery.h>

#include <fstream>
#include <iostream>

int main(int argc, char** argv) try {
  const std::vector<std::string> args(argv + 1, argv + argc);
  if (args.size() != 2 && args.size() != 9) {
    throw std::invalid_argument("switches SERVER RECORDS [TRACEFS RELEASE BUILD MACHINE BITS ORDER PAGE_SIZE]");
  }
  const auto order = args.size() == 9 && args[7] == "big" ? std::endian::big : std::endian::little;
  const auto kernel =
      args.size() == 2
          ? tracery::SeenKernel::running()
          : tracery::SeenKernel::copy(args[2], tracery::kernel_identity(args[3], args[4], args[5], std::stoi(args[6]),
                                                                        order, std::stoul(args[8])));
  tracery::Tool tool("switches", "1.0");
  tool.needs("sched/sched_switch", {"prev_comm", "prev_pid", "next_comm", "next_pid"}, {"prev_state"});
  const auto here = tracery::Client::connect(args[0]).negotiate(tool, kernel);
  for (const auto& warning : here.warnings()) std::cerr << "switches: " << warning << '\n';
  for (const auto& note : here.notes()) std::cerr << "switches: " << note << '\n';
  const auto decoder = here.decoder("sched/sched_switch");
  const auto prev_comm = decoder.field("prev_comm"), prev_pid = decoder.field("prev_pid");
  const auto next_comm = decoder.field("next_comm"), next_pid = decoder.field("next_pid");
  const auto prev_state = decoder.find("prev_state");
  tracery::Record record(decoder);
  std::ifstream records(args[1], std::ios::binary);
  if (!records) throw tracery::Error("cannot read " + args[1]);
  for (unsigned char n[4]; records.read(reinterpret_cast<char*>(n), 4);) {
    std::string bytes(n[0] | n[1] << 8 | n[2] << 16 | std::size_t{n[3]} << 24, '\0');
    if (!records.read(bytes.data(), bytes.size())) throw tracery::Error("the last record is cut");
    const auto state = record.read(bytes.data(), bytes.size()).names(prev_state);
    std::cout << record.text(prev_comm) << ':' << record.integer(prev_pid) << " [" << (state.empty() ? "R" : state)
              << "] ==> " << record.text(next_comm) << ':' << record.integer(next_pid) << '\n';
  }
} catch (const std::exception& e) {
  std::cerr << "switches: " << e.what() << '\n';
  return dynamic_cast<const tracery::Refused*>(&e) ? 1 : dynamic_cast<const tracery::Unreachable*>(&e) ? 3 : 2;
}
