package dev.tracery.model;

/// A pattern over `system/name`: `*` is any run of characters, `/` among them, `?` is one, and
/// everything else stands for itself. Matching takes at most the product of both lengths.
public record Glob(String pattern) {

  /// The longest pattern, in characters.
  public static final int MAX_LENGTH = 1_000;

  /// The pattern that people give: an empty one matches everything.
  ///
  /// @throws IllegalArgumentException if it is too long, saying so
  public static Glob of(String filter) {
    if (filter.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "has " + filter.length() + " characters; at most " + MAX_LENGTH + " are allowed");
    }
    return new Glob(filter.isEmpty() ? "*" : filter);
  }

  /// Whether the pattern has no `*` and no `?`, so that it can match one event only.
  public boolean isName() {
    return pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0;
  }

  /// Whether it matches everything.
  public boolean matchesAll() {
    return pattern.equals("*");
  }

  /// Whether the whole text fits.
  public boolean matches(String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int resume = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = t;
      } else if (p < pattern.length()
          && (pattern.charAt(p) == '?' || pattern.charAt(p) == text.charAt(t))) {
        p++;
        t++;
      } else if (star >= 0) {
        // Only the last star is tried again: what an earlier one took cannot matter any more.
        p = star + 1;
        t = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
