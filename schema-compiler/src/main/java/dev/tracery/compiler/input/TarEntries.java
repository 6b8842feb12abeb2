package dev.tracery.compiler.input;

import dev.tracery.diagnostic.SourceLocation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The entries of a tar, one after the other: the old format, ustar, GNU's long names and POSIX
/// extended headers (pax, POSIX.1-2017). Never holds more than one long name or extended header.
final class TarEntries {

  private static final int BLOCK = 512;
  private static final int MAX_EXTENSION = 1 << 20;

  private final CountedStream in;
  private final InputLimits limits;
  private int entries;
  private long contentLeft;
  private long paddingLeft;

  /// @param in counts from the archive's start
  TarEntries(InputStream in, String name, InputLimits limits) {
    this.in = new CountedStream(in, name, 0);
    this.limits = limits;
  }

  /// Whether bytes begin as a tar, if perhaps a damaged one.
  static boolean matches(byte[] head) {
    if (head.length < BLOCK) {
      return false;
    }
    return new String(head, 257, 5, StandardCharsets.ISO_8859_1).equals("ustar")
        || (head[0] != 0 && checksumFits(head));
  }

  /// The next entry, or empty at the archive's end. The one before cannot be read any more.
  Optional<TarEntry> next() throws IOException {
    String longPath = "";
    PaxHeader pax = PaxHeader.NONE;
    while (true) {
      skipRest();
      SourceLocation where = in.here();
      byte[] header = new byte[BLOCK];
      int got = in.readNBytes(header, 0, BLOCK);
      if (got < BLOCK) {
        throw new DamagedInput(
            InputCode.INPUT_TRUNCATED,
            in.here(),
            "ends without the blocks of zeros that end a tar",
            "the tar was cut; make it again");
      }
      if (isZero(header)) {
        return Optional.empty();
      }
      if (++entries > limits.maxEntries()) {
        throw new DamagedInput(
            InputCode.ENTRIES_TOO_MANY, where, "more than " + limits.maxEntries() + " entries", "");
      }
      if (!checksumFits(header)) {
        throw new DamagedInput(
            InputCode.TAR_DAMAGED, where, "expected a tar header but its checksum is wrong", "");
      }
      long size = number(header, 124, 12, where);
      char type = (char) (header[156] & 0xff);
      if (type == 'L' || type == 'K' || type == 'x' || type == 'g') {
        startContent(size);
        if (size > MAX_EXTENSION) {
          throw new DamagedInput(
              InputCode.TAR_DAMAGED,
              where,
              "a header extension of " + size + " bytes; at most " + MAX_EXTENSION + " are allowed",
              "");
        }
        byte[] text = content();
        if (type == 'L') {
          longPath = cString(text, 0, text.length);
        } else if (type == 'x') {
          pax = PaxHeader.parse(text, where);
        }
        continue;
      }
      size = pax.size().orElse(size);
      startContent(hasContent(type) ? size : 0);
      String path = pax.path().orElse(longPath.isEmpty() ? headerPath(header) : longPath);
      return Optional.of(new TarEntry(path, kind(type, path, pax), contentLeft, where));
    }
  }

  /// The content of the entry that was given last. The caller has looked at its size.
  byte[] content() throws IOException {
    byte[] out = new byte[(int) contentLeft];
    int got = in.readNBytes(out, 0, out.length);
    contentLeft -= got;
    if (contentLeft > 0) {
      throw truncated();
    }
    return out;
  }

  /// Reads what follows the archive's end.
  ///
  /// @return whether anything there is not zero
  boolean hasDataAfterEnd() throws IOException {
    byte[] buffer = new byte[8192];
    boolean found = false;
    for (int got = in.read(buffer, 0, buffer.length);
        got >= 0;
        got = in.read(buffer, 0, buffer.length)) {
      for (int i = 0; i < got && !found; i++) {
        found = buffer[i] != 0;
      }
    }
    return found;
  }

  /// The place that is read next.
  SourceLocation here() {
    return in.here();
  }

  private void startContent(long size) {
    contentLeft = size;
    paddingLeft = -size & (BLOCK - 1);
  }

  private void skipRest() throws IOException {
    if (!in.skipAtMost(contentLeft) || !in.skipAtMost(paddingLeft)) {
      throw truncated();
    }
    contentLeft = 0;
    paddingLeft = 0;
  }

  private DamagedInput truncated() {
    return new DamagedInput(
        InputCode.INPUT_TRUNCATED, in.here(), "ends within the content of an entry", "");
  }

  private static boolean hasContent(char type) {
    return type == 0 || type == '0' || type == '7' || type > '7';
  }

  private static TarEntry.Kind kind(char type, String path, PaxHeader pax) {
    return switch (type) {
      case 0, '0', '7' ->
          pax.sparse()
              ? TarEntry.Kind.OTHER
              : path.endsWith("/") ? TarEntry.Kind.DIRECTORY : TarEntry.Kind.FILE;
      case '1', '2' -> TarEntry.Kind.LINK;
      case '5' -> TarEntry.Kind.DIRECTORY;
      default -> TarEntry.Kind.OTHER;
    };
  }

  private static String headerPath(byte[] header) {
    String name = cString(header, 0, 100);
    // Why: GNU's format ("ustar" and blanks) keeps times where POSIX's ("ustar", NUL) has a prefix.
    boolean posix = cString(header, 257, 6).equals("ustar") && header[262] == 0;
    String prefix = posix ? cString(header, 345, 155) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private static String cString(byte[] bytes, int offset, int length) {
    int end = offset;
    while (end < offset + length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, offset, end - offset, StandardCharsets.UTF_8);
  }

  private static boolean isZero(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean checksumFits(byte[] header) {
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
    }
    return sum == octal(header, 148, 8);
  }

  /// Octal digits between blanks or NULs; -1 for anything else.
  private static long octal(byte[] header, int offset, int length) {
    String digits = new String(header, offset, length, StandardCharsets.ISO_8859_1);
    int nul = digits.strip().indexOf('\0');
    digits = (nul < 0 ? digits.strip() : digits.strip().substring(0, nul)).strip();
    if (!digits.matches("[0-7]{0,12}")) {
      return -1;
    }
    return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
  }

  /// Octal, or base 256 where the highest bit is set (GNU, for what octal cannot hold).
  private static long number(byte[] header, int offset, int length, SourceLocation where)
      throws DamagedInput {
    long value;
    if ((header[offset] & 0x80) != 0) {
      value = (header[offset] & 0x7f) == 0 ? 0 : -1;
      for (int i = 1; i < length && value >= 0; i++) {
        value = value > Long.MAX_VALUE >> 8 ? -1 : value << 8 | (header[offset + i] & 0xff);
      }
    } else {
      value = octal(header, offset, length);
    }
    if (value < 0) {
      throw new DamagedInput(
          InputCode.TAR_DAMAGED, where, "a tar header with a size that is no number", "");
    }
    return value;
  }
}
