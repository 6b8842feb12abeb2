package dev.tracery.compiler.input;

import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import dev.tracery.diagnostic.SourceLocation;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.EventName;
import dev.tracery.model.WordSize;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the readers put together, within the limits. One input, one thread.
final class InputCollector {

  private final String name;
  private final InputLimits limits;
  private final List<Diagnostic> diagnostics = new ArrayList<>();
  private final TreeMap<EventName, EventFormatFile> events = new TreeMap<>();
  private int formats;
  private long formatBytes;
  private @Nullable Fact<String> release;
  private @Nullable Fact<String> build;
  private @Nullable Fact<String> machine;
  private @Nullable Fact<ByteOrder> byteOrder;
  private @Nullable Fact<WordSize> wordSize;
  private @Nullable Fact<Integer> pageSize;
  private @Nullable Fact<HeaderPage> headerPage;

  /// @param name the input, as diagnostics are to name it
  InputCollector(String name, InputLimits limits) {
    this.name = Printable.escape(name);
    this.limits = limits;
  }

  String name() {
    return name;
  }

  InputLimits limits() {
    return limits;
  }

  /// What was noted until now.
  List<Diagnostic> diagnostics() {
    return List.copyOf(diagnostics);
  }

  /// A place in the input itself, counted in bytes.
  SourceLocation at(long byteOffset) {
    return SourceLocation.inBinary(name, byteOffset);
  }

  /// Notes a problem.
  ///
  /// @throws DamagedInput if there are too many
  void report(InputCode code, SourceLocation where, String message, String hint)
      throws DamagedInput {
    if (diagnostics.size() >= limits.maxProblems()) {
      throw new DamagedInput(
          InputCode.PROBLEMS_TOO_MANY,
          where,
          "more than " + limits.maxProblems() + " problems; the rest of the input was not read",
          "");
    }
    diagnostics.add(code.at(where, message, hint));
  }

  /// Notes what ended the reading of a part.
  void end(DamagedInput damage) {
    end(damage.diagnostic());
  }

  /// Notes what ended the reading of a part.
  void end(Diagnostic damage) {
    addError(damage);
  }

  /// Notes an error of the operating system.
  void failed(InputCode code, SourceLocation where, IOException failure) {
    String hint = failure instanceof AccessDeniedException ? "run as a user who may read it" : "";
    addError(code.at(where, reason(failure), hint));
  }

  /// One more than [#report] takes, so that the list of a refused input always has an error.
  private void addError(Diagnostic error) {
    if (diagnostics.size() <= limits.maxProblems()) {
      diagnostics.add(error);
    }
  }

  private static String reason(IOException failure) {
    return switch (failure) {
      case AccessDeniedException _ -> "permission denied";
      case NoSuchFileException _ -> "no such file or directory";
      default -> {
        String message = failure.getMessage();
        yield "cannot be read: "
            + (message == null ? failure.getClass().getSimpleName() : Printable.escape(message));
      }
    };
  }

  /// Whether another format of this size may be read.
  ///
  /// @return false, and a problem is noted, if this format alone is too large
  /// @throws DamagedInput if no further format may be read
  boolean admits(String what, long size, SourceLocation where) throws DamagedInput {
    if (formats >= limits.maxEvents()) {
      throw new DamagedInput(
          InputCode.EVENTS_TOO_MANY,
          where,
          "more than " + limits.maxEvents() + " events",
          "no kernel has so many; is this the right input?");
    }
    if (size > limits.maxFormatBytes()) {
      report(
          InputCode.FORMAT_TOO_LARGE,
          where,
          what + ": expected at most " + limits.maxFormatBytes() + " bytes but found " + size,
          "");
      return false;
    }
    if (formatBytes + size > limits.maxTotalFormatBytes()) {
      throw new DamagedInput(
          InputCode.FORMATS_TOO_LARGE,
          where,
          "the formats have more than " + limits.maxTotalFormatBytes() + " bytes together",
          "");
    }
    return true;
  }

  /// Counts a format that is held, whether or not it is used in the end.
  void hold(long bytes) {
    formats++;
    formatBytes += bytes;
  }

  /// Adds one event's format, which was admitted and held.
  void add(String system, String event, byte[] text, SourceLocation where) throws DamagedInput {
    EventName key;
    try {
      key = new EventName(system, event);
    } catch (IllegalArgumentException refused) {
      report(InputCode.EVENT_NAME_INVALID, where, String.valueOf(refused.getMessage()), "");
      return;
    }
    EventFormatFile earlier = events.get(key);
    if (earlier == null) {
      events.put(key, new EventFormatFile(key, text));
    } else if (Arrays.equals(earlier.text(), text)) {
      report(InputCode.EVENT_REPEATED, where, key + " is there twice, with the same format", "");
    } else {
      report(
          InputCode.EVENT_DUPLICATE,
          where,
          key + " is there twice, with different formats",
          "a kernel has one format for each event; make the input again");
    }
  }

  void release(String value, SourceLocation where) throws DamagedInput {
    release = merged("release", release, value, where);
  }

  /// The first that is told stays: `/proc/version` has more of a long one than `uname` has.
  void build(String value, SourceLocation where) {
    if (build == null && !value.isEmpty()) {
      build = new Fact<>(value, where);
    }
  }

  void machine(String value, SourceLocation where) throws DamagedInput {
    machine = merged("machine", machine, value, where);
  }

  void byteOrder(ByteOrder value, SourceLocation where) throws DamagedInput {
    byteOrder = merged("byte order", byteOrder, value, where);
  }

  void wordSize(WordSize value, SourceLocation where) throws DamagedInput {
    wordSize = merged("word size", wordSize, value, where);
  }

  /// The first that is told stays: a ring buffer's page may be larger than the kernel's
  /// (`buffer_subbuf_size_kb`, 6.8 on).
  void pageSize(int value, SourceLocation where) {
    if (pageSize == null) {
      pageSize = new Fact<>(value, where);
    }
  }

  /// The page size that was told, or another.
  int pageSizeOr(int other) {
    return pageSize == null ? other : pageSize.value();
  }

  /// The first that is told stays.
  void headerPage(HeaderPage value, SourceLocation where) {
    if (headerPage == null) {
      headerPage = new Fact<>(value, where);
    }
  }

  private <T> @Nullable Fact<T> merged(
      String what, @Nullable Fact<T> earlier, T value, SourceLocation where) throws DamagedInput {
    if (earlier == null) {
      return value.equals("") ? null : new Fact<>(value, where);
    }
    if (!earlier.value().equals(value)) {
      report(
          InputCode.FACTS_DISAGREE,
          where,
          "the "
              + what
              + " is "
              + shown(value)
              + " here but "
              + shown(earlier.value())
              + " at "
              + earlier.where(),
          "the input mixes two kernels; make it again");
    }
    return earlier;
  }

  /// A fact's value as messages spell it.
  static String shown(Object value) {
    return switch (value) {
      case String text -> Printable.quote(text);
      case ByteOrder order -> order.word();
      case WordSize size -> size.bytes() * 8 + "-bit";
      default -> value.toString();
    };
  }

  /// The whole.
  KernelInput finish() {
    if (events.isEmpty()
        && diagnostics.stream().noneMatch(found -> found.severity() == Severity.ERROR)) {
      diagnostics.add(
          InputCode.EVENTS_MISSING.at(
              at(0),
              "has no event formats",
              "it must be made where tracefs is mounted and readable"));
    }
    return new KernelInput(
        name,
        Optional.ofNullable(release),
        Optional.ofNullable(build),
        Optional.ofNullable(machine),
        Optional.ofNullable(byteOrder),
        Optional.ofNullable(wordSize),
        Optional.ofNullable(pageSize),
        Optional.ofNullable(headerPage),
        List.copyOf(events.values()),
        diagnostics);
  }
}
