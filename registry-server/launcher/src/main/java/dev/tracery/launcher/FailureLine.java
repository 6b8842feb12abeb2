package dev.tracery.launcher;

import java.util.Optional;
import java.util.regex.Pattern;
import org.osgi.framework.BundleException;

/// One line out of what went wrong.
final class FailureLine {
  private FailureLine() {}

  /// The message of `failure` or, where it only wraps another, of its cause.
  static String of(Throwable failure) {
    Throwable innermost = failure;
    while (innermost.getCause() != null && innermost.getCause() != innermost) {
      innermost = innermost.getCause();
    }
    String message = innermost.getMessage();
    return oneLine(message == null ? innermost.getClass().getName() : message);
  }

  /// Which bundle lacks which package, out of Felix' account of a failed resolution.
  static String ofResolution(BundleException failure) {
    String message = of(failure);
    var bundle = lastMatch("Unable to resolve (\\S+)", message);
    var missing = lastMatch("osgi\\.wiring\\.package=([^)]+)", message);
    return bundle.isEmpty() || missing.isEmpty()
        ? message
        : bundle.get() + " cannot import " + missing.get();
  }

  private static Optional<String> lastMatch(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .reduce((first, second) -> second);
  }

  /// The message out of a printed stack trace: that of its last cause.
  static String ofStackTrace(String trace) {
    String found = "";
    for (String line : trace.lines().toList()) {
      if (line.startsWith("Caused by: ")) {
        found = line.substring("Caused by: ".length());
      } else if (found.isEmpty()) {
        found = line;
      }
    }
    // Why: a printed stack trace puts the class before the message; the person reads the message.
    return oneLine(found.replaceFirst("^([a-z_0-9]+\\.)+[A-Za-z0-9_$]+: ", ""));
  }

  private static String oneLine(String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .reduce("", (a, b) -> a.isEmpty() ? b : a + " " + b);
  }
}
