// What a tool's project has: the installed package, and nothing else of this one.
#include <tracery/tracery.h>

#include <iostream>

int main() {
  tracery::v1::EventReading reading;
  reading.set_event("sched/sched_switch");
  reading.set_message_name("SchedSwitch");
  reading.mutable_file()->add_message_type()->set_name("SchedSwitch");
  reading.mutable_decode_plan()->set_byte_order(tracery::v1::BYTE_ORDER_LITTLE_ENDIAN);
  reading.mutable_decode_plan()->set_word_size(tracery::v1::WORD_SIZE_64);
  const auto client = tracery::Client::connect("localhost");
  try {
    tracery::Decoder(reading).field("nothing");
  } catch (const tracery::Error& e) {
    std::cout << "no such field: " << e.what() << '\n';
  }
}
