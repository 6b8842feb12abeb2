package dev.tracery.launcher;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TerminalTest {

  @Test
  void a_process_of_the_foreground_group_may_ask() {
    assertTrue(Terminal.isInForeground("4242 (java) S 4200 4242 4200 34816 4242 4194304 0 0"));
  }

  @Test
  void a_process_in_the_background_may_not() {
    assertFalse(Terminal.isInForeground("4242 (java) S 4200 4242 4200 34816 4200 4194304 0 0"));
  }

  @Test
  void a_command_may_have_brackets_and_blanks() {
    assertTrue(Terminal.isInForeground("4242 (a ) b) S 4200 4242 4200 34816 4242 4194304 0 0"));
  }

  @Test
  void what_cannot_be_read_is_no_foreground() {
    assertFalse(Terminal.isInForeground(""));
  }
}
