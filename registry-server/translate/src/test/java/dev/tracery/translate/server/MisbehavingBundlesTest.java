package dev.tracery.translate.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.translation.TranslatorBundles.Bundle;
import dev.tracery.translation.TranslatorBundles.State;
import dev.tracery.v1.TraceEvent;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Bundles that do what they must not do, in a real Felix.
@Timeout(120)
class MisbehavingBundlesTest {

  @TempDir Path home;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "THROW | it threw java.lang.IllegalStateException: it does not like this record",
        "OVERFLOW | it threw java.lang.StackOverflowError",
        "ALLOCATE | translating a record",
        "LOOP | translating a record took longer than 500 ms and was given up",
        "THROW_WHAT_LOOPS | translating a record took longer than 500 ms and was given up",
        "READ_OUTSIDE | it threw java.lang.ArrayIndexOutOfBoundsException",
        "WRITE_OUTSIDE | it threw java.lang.ArrayIndexOutOfBoundsException",
        "END_OUTSIDE | it says that a message ends at byte 17 of 16 that it was given",
        "GARBAGE | what it wrote is no message of its schema: at byte 0: a tag is cut or too long",
        "WRONG_FIELD | what it wrote is no message of its schema: at byte 0: the schema has no field 15",
        "NEGATIVE_SIZE | it wants -1 bytes for the message of a record of",
        "ABSURD_SIZE | it wants 2147483647 bytes for the message of a record of",
        "THROW_IN_SIZE | it threw java.lang.NoClassDefFoundError: a/class/that/is/not/there",
        "THROW_IN_LOOKUP | it threw java.lang.IllegalStateException: it cannot say",
      })
  void it_is_quarantined_and_the_stream_is_as_if_it_were_not_there(String behaviour, String reason)
      throws IOException {
    try (TestFramework test = new TestFramework(home)) {
      SampleKernels.register(test.registry, SampleKernels.BULLSEYE);
      Path trace = trace();
      test.server.install(PeoplesBundles.behaving("bad", "1.0", behaviour));
      Collected got = test.translate(trace);
      assertEquals(test.interpret(trace).events, got.events);
      Bundle bad = test.bundle("bad");
      assertEquals(State.QUARANTINED, bad.state());
      assertTrue(bad.stateReason().contains(reason), bad.stateReason());
      assertEquals(got.events, test.translate(trace).events);
      test.server.install(PeoplesBundles.behaving("bad", "1.1", "EMPTY"));
      assertEquals(State.ACTIVE, test.bundle("bad").state());
      assertFalse(got.events.equals(test.translate(trace).events), "the update is used");
    }
  }

  @Test
  void one_that_fails_late_loses_and_doubles_nothing() throws IOException {
    try (TestFramework test = new TestFramework(home)) {
      SampleKernels.register(test.registry, SampleKernels.BULLSEYE);
      Path trace = trace();
      test.server.install(PeoplesBundles.behaving("late", "1.0", "LATE"));
      Collected expected = test.interpret(trace);
      Collected got = test.translate(trace);
      assertEquals(expected.events.size(), got.events.size());
      int byBundle = 0;
      for (int i = 0; i < got.events.size(); i++) {
        TraceEvent event = got.events.get(i);
        if (!event.equals(expected.events.get(i))) {
          byBundle++;
          assertEquals(expected.events.get(i).toBuilder().clearMessage().build(), event);
        }
      }
      assertEquals(7, byBundle);
      assertEquals(7, test.bundle("late").translatedRecords());
      assertEquals(State.QUARANTINED, test.bundle("late").state());
    }
  }

  private static Path trace() throws IOException {
    return SampleKernels.traces(SampleKernels.BULLSEYE).stream()
        .filter(file -> file.getFileName().toString().startsWith("function"))
        .findFirst()
        .orElseThrow();
  }
}
