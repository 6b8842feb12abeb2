import dev.tracery.client.*;
import dev.tracery.client.decode.*;
import dev.tracery.client.negotiate.*;
import dev.tracery.model.*;

void main(String[] args) throws IOException {
  Needs needs = Needs.of("switches", "1.0").like("sched/sched_switch", "prev_state");
  needs.require("sched/sched_switch", "prev_comm", "prev_pid", "next_comm", "next_pid");
  try (var client = TraceryClient.connect(args[0], ClientOptions.defaults());
      var in = new BufferedInputStream(new FileInputStream(args[1]))) {
    Negotiated start = client.negotiate(needs, kernel(args));
    start.warnings().forEach(System.err::println);
    start.notes().forEach(System.err::println);
    EventDecoder event = start.decoder("sched/sched_switch");
    TextField prev = event.text("prev_comm");
    TextField next = event.text("next_comm");
    IntegerField prevPid = event.integer("prev_pid");
    IntegerField nextPid = event.integer("next_pid");
    EventField state = event.field("prev_state").orElse(null);
    for (byte[] size; (size = in.readNBytes(4)).length == 4; ) {
      byte[] r = in.readNBytes(Integer.reverseBytes(ByteBuffer.wrap(size).getInt()));
      var flags = state instanceof IntegerField s ? s.names(s.get(r)) : List.<String>of();
      var left = flags.isEmpty() ? "R" : String.join("|", flags);
      IO.print("%s:%d [%s] ==> ".formatted(prev.get(r), prevPid.get(r), left));
      IO.println("%s:%d".formatted(next.get(r), nextPid.get(r)));
    }
  } catch (NegotiationRefusedException | RegistryUnreachableException e) {
    System.err.println(e.getMessage());
    System.exit(e instanceof NegotiationRefusedException ? 1 : 3);
  }
}

SeenKernel kernel(String[] args) throws IOException {
  if (args.length < 9) return Tracefs.ofRunningKernel();
  var target = Target.of(Integer.parseInt(args[6]), args[7]);
  var kernel = new KernelIdentity(args[3], args[4], args[5], target, Integer.parseInt(args[8]));
  return Tracefs.of(Path.of(args[2]), kernel);
}
