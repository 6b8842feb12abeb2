package dev.tracery.client.example;

import dev.tracery.client.ClientOptions;
import dev.tracery.client.TraceryClient;
import dev.tracery.client.decode.EventDecoder;
import dev.tracery.client.negotiate.Needs;
import dev.tracery.client.negotiate.Negotiated;
import dev.tracery.client.negotiate.Negotiator;
import dev.tracery.client.negotiate.NegotiatorOptions;
import dev.tracery.client.negotiate.Tracefs;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Target;
import java.nio.file.Path;
import java.util.List;

/// Negotiates five events without a cache, makes their decoders, and ends: what `run command
/// negotiate` names, and what the time of a start is measured with.
public final class FiveEvents {

  private static final List<String> EVENTS =
      List.of(
          "sched/sched_switch",
          "sched/sched_waking",
          "sched/sched_process_exit",
          "irq/irq_handler_entry",
          "irq/softirq_entry");

  private FiveEvents() {}

  public static void main(String... args) throws Exception {
    Needs needs = Needs.of("five-events", "1.0");
    EVENTS.forEach(needs::require);
    Target target = Target.of(Integer.parseInt(args[5]), args[6]);
    Tracefs kernel =
        Tracefs.of(
            Path.of(args[1]),
            new KernelIdentity(args[2], args[3], args[4], target, Integer.parseInt(args[7])));
    try (TraceryClient client = TraceryClient.connect(args[0], ClientOptions.defaults())) {
      Negotiated negotiated =
          new Negotiator(client, NegotiatorOptions.defaults().withoutCache())
              .negotiate(needs.toConsumer(), kernel);
      List<EventDecoder> decoders = EVENTS.stream().map(negotiated::decoder).toList();
      IO.println(decoders.stream().mapToInt(decoder -> decoder.fields().size()).sum() + " fields");
    }
  }
}
