package dev.tracery.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EventNameTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sched:sched_switch | expected system/name but found "sched:sched_switch": write "sched/sched_switch"
          sched_switch       | expected system/name but found "sched_switch", which has no '/'
          :a                 | expected system/name but found ":a", which has no '/'
          a:b:c              | expected system/name but found "a:b:c", which has no '/'
          """)
  void saysHowTheNameIsWritten(String text, String message) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> EventName.parse(text)).getMessage());
  }
}
