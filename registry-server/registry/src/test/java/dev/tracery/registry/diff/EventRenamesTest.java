package dev.tracery.registry.diff;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tracery.model.EventName;
import dev.tracery.registry.diff.EventRenames.Outline;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The events are those that Linux renamed between 5.10, 6.1 and 6.12, and did not.
class EventRenamesTest {

  @Test
  void same_fields_and_a_name_that_is_alike() {
    assertEquals(
        "{ext4/ext4_readpage=ext4/ext4_read_folio, ext4/ext4_releasepage=ext4/ext4_release_folio}",
        renames(
            List.of("ext4/ext4_readpage: dev ino index", "ext4/ext4_releasepage: dev ino index"),
            List.of(
                "ext4/ext4_release_folio: dev ino index", "ext4/ext4_read_folio: dev ino index")));
  }

  @Test
  void to_another_system() {
    assertEquals(
        "{mt7921/lp_event=mt792x/lp_event}",
        renames(
            List.of("mt7921/lp_event: wiphy lp_state"),
            List.of("mt792x/lp_event: wiphy lp_state")));
  }

  @Test
  void fields_that_are_nearly_the_same() {
    assertEquals(
        "{a/write_page_start=a/write_folio_start}",
        renames(
            List.of("a/write_page_start: dev ino page"),
            List.of("a/write_folio_start: dev ino folio")));
  }

  @Test
  void other_fields_are_no_hint() {
    assertEquals(
        "{}",
        renames(
            List.of("a/write_page_start: dev ino page"), List.of("a/write_folio_start: x y page")));
    assertEquals("{}", renames(List.of("a/write_page_start:"), List.of("a/write_folio_start:")));
  }

  @Test
  void the_name_of_the_system_is_no_likeness() {
    assertEquals(
        "{}",
        renames(
            List.of("rpcrdma/xprtrdma_mr_get: task_id"),
            List.of("rpcrdma/xprtrdma_err_vers: task_id")));
  }

  @Test
  void each_new_event_is_taken_once_by_the_likest() {
    List<String> removed = new ArrayList<>(List.of("a/one_pages: x", "a/one_page: x", "a/two: y"));
    List<String> added = new ArrayList<>(List.of("a/one_pagez: x", "b/two: y", "a/tow: y"));
    for (int i = 0; i < 10; i++) {
      Collections.shuffle(removed, new Random(i));
      Collections.shuffle(added, new Random(i + 1));
      assertEquals("{a/one_page=a/one_pagez, a/two=b/two}", renames(removed, added));
    }
  }

  private static String renames(List<String> removed, List<String> added) {
    return EventRenames.find(outlines(removed), outlines(added)).toString();
  }

  private static List<Outline> outlines(List<String> events) {
    return events.stream()
        .map(event -> {
          String fields = event.substring(event.indexOf(':') + 1).strip();
          return new Outline(
              EventName.parse(event.substring(0, event.indexOf(':'))),
              fields.isEmpty() ? List.of() : List.of(fields.split(" ")));
        })
        .toList();
  }
}
