package dev.tracery.consumer;

import dev.tracery.consumer.ConsumerReader.Problem;
import java.util.ArrayList;
import java.util.List;

/// What is wrong with one consumer: all of it is counted, the first problems are kept. Not
/// thread-safe.
final class Problems {

  /// How many problems are kept: more help nobody, and a request has room for millions.
  static final int MAX_KEPT = 100;

  private static final int MAX_SHOWN_LENGTH = 80;

  private final List<Problem> kept = new ArrayList<>();
  private int count;

  void add(String field, String message) {
    count++;
    if (kept.size() < MAX_KEPT) {
      kept.add(new Problem(field, message));
    }
  }

  /// Notes that a list is longer than `max`, and answers how much of it is to be read.
  int bounded(String field, int size, int max) {
    if (size > max) {
      add(field, "at most " + max + " are allowed, not " + size);
      return 0;
    }
    return size;
  }

  /// Checks a text that is not a name: of bounded length, without control characters.
  void checkText(String field, String text, int maxLength) {
    if (text.length() > maxLength) {
      add(field, "at most " + maxLength + " characters are allowed, not " + text.length());
      return;
    }
    checkCharacters(field, text, true);
  }

  /// Checks a name: not empty, of bounded length, printable, without blanks.
  ///
  /// @param what for people: `a field's name`
  void checkName(String field, String what, String text, int maxLength) {
    if (text.isEmpty()) {
      add(field, "expected " + what + " but found nothing");
    } else if (text.length() > maxLength) {
      add(field, "at most " + maxLength + " characters are allowed, not " + text.length());
    } else {
      checkCharacters(field, text, false);
    }
  }

  private void checkCharacters(String field, String text, boolean blanksAllowed) {
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      if (!isPrintable(point) && !(blanksAllowed && point == ' ')) {
        add(
            field,
            String.format("cannot contain the character U+%04X, at position %d", point, i + 1));
        return;
      }
      i += Character.charCount(point);
    }
  }

  private static boolean isPrintable(int point) {
    return switch (Character.getType(point)) {
      // Format characters turn text around on a terminal, among other things.
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  static String quoted(String text) {
    String shown =
        text.length() > MAX_SHOWN_LENGTH ? text.substring(0, MAX_SHOWN_LENGTH) + "…" : text;
    return '"' + shown + '"';
  }

  boolean isEmpty() {
    return count == 0;
  }

  int count() {
    return count;
  }

  List<Problem> kept() {
    return List.copyOf(kept);
  }
}
