package dev.tracery.registry.policy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Optional;

/// The patterns that a tool may declare: regular expressions of RE2 that do not repeat too much.
public final class PatternSyntax {

  /// What a pattern may repeat, nested or one after the other.
  private static final int MAX_REPETITION = 1_000;

  /// How many characters a pattern may have where what it repeats is written out: its program takes
  /// some ten bytes for each, and thousands of programs are kept.
  private static final int MAX_WRITTEN_OUT = 20_000;

  private PatternSyntax() {}

  /// What is wrong with a pattern; empty if it can be used.
  public static Optional<String> problem(String regex) {
    if (repetition(regex) > MAX_REPETITION) {
      return Optional.of(
          "repeats more than "
              + MAX_REPETITION
              + " times, all numbers in braces multiplied; use * or + instead");
    }
    if (repetition(regex) * regex.length() > MAX_WRITTEN_OUT) {
      return Optional.of(
          "is too large with all that it repeats: at most "
              + MAX_WRITTEN_OUT
              + " characters are allowed, its length multiplied by all numbers in braces");
    }
    try {
      Pattern.compile(regex);
      return Optional.empty();
    } catch (PatternSyntaxException e) {
      return Optional.of("expected a regular expression of RE2: " + e.getMessage());
    }
  }

  static Optional<Pattern> compile(String regex) {
    return problem(regex).isPresent() ? Optional.empty() : Optional.of(Pattern.compile(regex));
  }

  /// The product of all numbers in braces: a compiled pattern has a copy of what it repeats for
  /// each time.
  private static long repetition(String regex) {
    long product = 1;
    long number = 0;
    boolean braces = false;
    long largest = 1;
    for (int i = 0; i < regex.length(); i++) {
      char c = regex.charAt(i);
      if (c == '{') {
        braces = true;
        number = 0;
        largest = 1;
      } else if (braces && c >= '0' && c <= '9') {
        number = Math.min(1_000_000, number * 10 + (c - '0'));
        largest = Math.max(largest, number);
      } else if (braces && c == ',') {
        number = 0;
      } else if (braces) {
        if (c == '}') {
          product = Math.min(1_000_000, product * largest);
        }
        braces = false;
      }
    }
    return product;
  }
}
