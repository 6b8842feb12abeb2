package dev.tracery.client.example;

import dev.tracery.client.ClientOptions;
import dev.tracery.client.TraceryClient;
import dev.tracery.v1.NegotiateRequest;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.time.Duration;

/// The example, after a call that has all the time that it wants: on a busy machine the first call
/// of a JVM may take longer than a tool waits.
public final class WarmSwitches {

  private WarmSwitches() {}

  public static void main(String... args) throws Exception {
    try (TraceryClient client = TraceryClient.connect(args[0], ClientOptions.defaults())) {
      client.negotiate(NegotiateRequest.getDefaultInstance(), Duration.ofMinutes(1));
    }
    Class<?> type = Class.forName("Switches");
    Constructor<?> made = type.getDeclaredConstructor();
    made.setAccessible(true);
    Method main = type.getDeclaredMethod("main", String[].class);
    main.setAccessible(true);
    main.invoke(made.newInstance(), (Object) args);
  }
}
