package dev.tracery.compiler.input;

import dev.tracery.diagnostic.SourceLocation;
import dev.tracery.model.WordSize;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What `events/header_page` (`ring_buffer_print_page_header`, kernel/trace/ring_buffer.c) tells of
/// a kernel: `commit` is a `local_t`, a long; the page ends where `data` ends.
///
/// @param wordSize empty if the text has no such `commit`
/// @param pageSize in bytes; empty if the text has no such `data`
/// @param commitOffset where `commit` is in the page; only with a `wordSize`
/// @param dataOffset where `data` begins in the page; only with a `pageSize`
public record HeaderPage(
    Optional<WordSize> wordSize, Optional<Integer> pageSize, int commitOffset, int dataOffset) {

  /// The longest text that is looked at, in bytes. Kernels write about 200.
  static final int MAX_BYTES = 64 << 10;

  private static final Pattern COMMIT =
      Pattern.compile("\\bcommit;\\s*offset:(\\d{1,9});\\s*size:(\\d{1,9});");
  private static final Pattern DATA =
      Pattern.compile("\\bdata;\\s*offset:(\\d{1,9});\\s*size:(\\d{1,9});");

  /// Reads what the kernel wrote. Never fails: what is not there is empty.
  public static HeaderPage parse(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    Matcher commit = COMMIT.matcher(text);
    Matcher data = DATA.matcher(text);
    Optional<WordSize> wordSize = Optional.empty();
    int commitOffset = 0;
    if (commit.find()) {
      commitOffset = Integer.parseInt(commit.group(1));
      int size = Integer.parseInt(commit.group(2));
      wordSize = size == 4 || size == 8 ? Optional.of(WordSize.ofBytes(size)) : Optional.empty();
    }
    Optional<Integer> pageSize = Optional.empty();
    int dataOffset = 0;
    if (data.find()) {
      dataOffset = Integer.parseInt(data.group(1));
      int size = Integer.parseInt(data.group(1)) + Integer.parseInt(data.group(2));
      pageSize = isPageSize(size) ? Optional.of(size) : Optional.empty();
    }
    return new HeaderPage(wordSize, pageSize, commitOffset, dataOffset);
  }

  /// Whether a kernel can have pages of so many bytes.
  public static boolean isPageSize(long size) {
    return Long.bitCount(size) == 1 && size >= 4096 && size <= 1 << 20;
  }

  /// Hands what it tells to the collector, and what it does not as a problem.
  void tell(InputCollector out, SourceLocation where) throws DamagedInput {
    out.headerPage(this, where);
    if (wordSize.isPresent()) {
      out.wordSize(wordSize.get(), where);
    } else {
      out.report(
          InputCode.VALUE_INVALID,
          where,
          "header_page: expected a field commit of size 4 or 8",
          "the file is damaged, or not a kernel's header_page");
    }
    if (pageSize.isPresent()) {
      out.pageSize(pageSize.get(), where);
    } else {
      out.report(
          InputCode.VALUE_INVALID,
          where,
          "header_page: expected a field data that ends at a power of two from 4096 to 1048576",
          "the file is damaged, or not a kernel's header_page");
    }
  }
}
