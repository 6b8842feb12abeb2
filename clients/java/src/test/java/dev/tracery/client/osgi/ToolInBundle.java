package dev.tracery.client.osgi;

import dev.tracery.client.ClientOptions;
import dev.tracery.client.TraceryClient;
import dev.tracery.client.TraceryException;
import dev.tracery.client.decode.EventDecoder;
import dev.tracery.client.negotiate.Needs;
import dev.tracery.client.negotiate.Negotiated;
import dev.tracery.client.negotiate.Negotiator;
import dev.tracery.client.negotiate.NegotiatorOptions;
import dev.tracery.client.negotiate.SeenKernel;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Target;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;

/// A tool that lies in a bundle of its own and sees the client through the framework.
public final class ToolInBundle implements Function<String, String> {

  /// @return what it decodes of a record of sched_switch, and how a call fails
  @Override
  public String apply(String server) {
    KernelIdentity kernel = new KernelIdentity("6.1", "", "x86_64", Target.LITTLE_64, 4096);
    byte[] record = new byte[64];
    record[8] = 'b';
    record[24] = 77;
    record[32] = 3;
    try (TraceryClient client = TraceryClient.connect(server, ClientOptions.defaults())) {
      Negotiated start =
          new Negotiator(
                  client,
                  NegotiatorOptions.defaults().withoutCache().withDeadline(Duration.ofSeconds(30)))
              .negotiate(
                  Needs.of("bundle", "1.0").require("sched/sched_switch").toConsumer(),
                  SeenKernel.of(kernel, Map.of()));
      EventDecoder decoder = start.decoder("sched/sched_switch");
      long state = decoder.integer("prev_state").get(record);
      String decoded =
          decoder.text("prev_comm").get(record)
              + ":"
              + decoder.integer("prev_pid").get(record)
              + " "
              + decoder.integer("prev_state").names(state)
              + " "
              + decoder.message(record).length;
      try {
        client.status();
        return decoded;
      } catch (TraceryException e) {
        return decoded + " " + e.code();
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
