package dev.tracery.registry.policy;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.print.PrintFormat;
import dev.tracery.consumer.EventUse;
import dev.tracery.consumer.TextUse;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Compatibility.FitReason;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The text that a print format makes. A pattern holds if it finds something in some plausible
/// text; a key if it stands there. What was found out is kept for each layout. Thread-safe.
final class TextFits {

  private static final int MAX_PATTERNS = 1_000;
  private static final int MAX_READINGS = 20_000;

  /// After so many texts in which a pattern finds something, more would tell nothing new.
  private static final int ENOUGH = 8;

  private record Question(TextUse use, Sha256 layout) {}

  private final Remembered<String, Optional<Pattern>> patterns = new Remembered<>(MAX_PATTERNS);
  private final Remembered<Question, Reading> readings = new Remembered<>(MAX_READINGS);

  /// What a tool reads of a text.
  ///
  /// @param missing what does not stand there; empty if everything does
  /// @param read how what is read is written, in pieces
  /// @param names where the whole text is read, the names of values by their pieces
  record Reading(String missing, List<String> read, Set<String> names) {
    Reading {
      read = List.copyOf(read);
      names = Set.copyOf(names);
    }

    /// Whether who reads this text reads that one, too.
    boolean isReadAlike(Reading other) {
      return other.missing.isEmpty() && read.equals(other.read) && other.names.containsAll(names);
    }
  }

  UseFit fit(EventUse use, Layout layout, @Nullable Layout written) {
    TextUse text = Objects.requireNonNull(use.text());
    Reading now = reading(text, layout);
    if (!now.missing.isEmpty()) {
      return UseFit.rejected(FitReason.TEXT_CHANGED, now.missing);
    }
    Reading before = written == null ? now : reading(text, written);
    return !before.missing.isEmpty() || before.isReadAlike(now)
        ? UseFit.exact()
        : UseFit.rejected(FitReason.TEXT_CHANGED, difference(before, now));
  }

  /// What of a layout's text is read.
  Reading reading(TextUse use, Layout layout) {
    return readings.get(new Question(use, layout.hash()), _ -> read(use, layout));
  }

  /// How what is read is written otherwise: `prio: decimal → hexadecimal`.
  static String difference(Reading before, Reading now) {
    return cut(String.join("", before.read)) + " → " + cut(String.join("", now.read));
  }

  private static String cut(String text) {
    return text.length() > 200 ? text.substring(0, 200) + "…" : text;
  }

  private Reading read(TextUse use, Layout layout) {
    PrintFormat print = layout.printFormat();
    VisibleText text = VisibleText.of(print);
    return switch (use) {
      case TextUse.Pattern(String regex) -> pattern(regex, text);
      case TextUse.Keys(List<String> keys) -> keys(keys, text);
      case TextUse.Whole() -> whole(text);
    };
  }

  private Reading pattern(String regex, VisibleText text) {
    Optional<Pattern> pattern = patterns.get(regex, PatternSyntax::compile);
    if (pattern.isEmpty()) {
      return new Reading("'" + regex + "' is no regular expression of RE2", List.of(), Set.of());
    }
    BitSet read = new BitSet();
    int found = 0;
    String shown = "";
    for (VisibleText.Sample sample : text.samples()) {
      if (found == ENOUGH) {
        break;
      }
      Matcher matcher = pattern.get().matcher(sample.text());
      if (matcher.find()) {
        found++;
        for (int group = Math.min(1, matcher.groupCount());
            group <= matcher.groupCount();
            group++) {
          overlapped(sample.ends(), matcher.start(group), matcher.end(group), read);
        }
      }
      shown = shown.isEmpty() ? sample.text() : shown;
    }
    return found > 0
        ? new Reading(
            "", read.stream().mapToObj(i -> manner(text.pieces().get(i))).toList(), Set.of())
        : new Reading(
            "'" + regex + "' finds nothing in the text, which is like '" + cut(shown) + "'",
            List.of(),
            Set.of());
  }

  private static void overlapped(int[] ends, int from, int to, BitSet read) {
    int start = 0;
    for (int i = 0; i < ends.length && from >= 0; i++) {
      if (start < to && ends[i] > from) {
        read.set(i);
      }
      start = ends[i];
    }
  }

  private static Reading keys(List<String> keys, VisibleText text) {
    List<String> read = new ArrayList<>();
    for (String key : keys) {
      String manner = behind(key + "=", text);
      if (manner.isEmpty()) {
        return new Reading("the text has no '" + key + "='", List.of(), Set.of());
      }
      read.add(key + "=" + manner);
    }
    return new Reading("", read, Set.of());
  }

  /// How the value behind a key is written; empty if there is no such key.
  private static String behind(String key, VisibleText text) {
    List<VisibleText.Piece> pieces = text.pieces();
    for (int i = 0; i < pieces.size(); i++) {
      for (String part : pieces.get(i).texts()) {
        int at = find(key, part);
        if (at >= 0) {
          String rest = part.substring(at + key.length());
          return pieces.get(i).literal() && rest.isEmpty() && i + 1 < pieces.size()
              ? manner(pieces.get(i + 1))
              : "‹as it stands›";
        }
      }
    }
    return "";
  }

  /// Where a key stands that is no other key's end.
  private static int find(String key, String text) {
    int at = text.indexOf(key);
    while (at > 0
        && (Character.isLetterOrDigit(text.charAt(at - 1)) || text.charAt(at - 1) == '_')) {
      at = text.indexOf(key, at + 1);
    }
    return at;
  }

  private static Reading whole(VisibleText text) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < text.pieces().size(); i++) {
      VisibleText.Piece piece = text.pieces().get(i);
      if (piece.manner().equals("name")) {
        String place = i + " ";
        piece.texts().forEach(name -> names.add(place + name));
      }
    }
    return new Reading("", text.pieces().stream().map(TextFits::manner).toList(), names);
  }

  private static String manner(VisibleText.Piece piece) {
    return piece.literal() ? piece.manner() : "‹" + piece.manner() + "›";
  }
}
