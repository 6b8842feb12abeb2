package dev.tracery.compiler.input;

import dev.tracery.diagnostic.SourceLocation;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What an extended header of a tar (`LENGTH KEY=VALUE\n`, repeated) says of the next entry.
///
/// @param sparse whether the content is a map and pieces rather than the file
record PaxHeader(Optional<String> path, Optional<Long> size, boolean sparse) {

  static final PaxHeader NONE = new PaxHeader(Optional.empty(), Optional.empty(), false);

  static PaxHeader parse(byte[] bytes, SourceLocation where) throws DamagedInput {
    PaxHeader header = NONE;
    int at = 0;
    while (at < bytes.length) {
      int blank = at;
      int length = 0;
      while (blank < bytes.length
          && bytes[blank] >= '0'
          && bytes[blank] <= '9'
          && length < 1 << 24) {
        length = length * 10 + bytes[blank++] - '0';
      }
      int end = at + length;
      if (blank == at
          || blank >= bytes.length
          || bytes[blank] != ' '
          || end > bytes.length
          || end <= blank + 1
          || bytes[end - 1] != '\n') {
        throw damaged(where);
      }
      String record = new String(bytes, blank + 1, end - blank - 2, StandardCharsets.UTF_8);
      int equals = record.indexOf('=');
      if (equals < 0) {
        throw damaged(where);
      }
      header = header.with(record.substring(0, equals), record.substring(equals + 1), where);
      at = end;
    }
    return header;
  }

  private PaxHeader with(String key, String value, SourceLocation where) throws DamagedInput {
    if (key.startsWith("GNU.sparse.")) {
      return new PaxHeader(path, size, true);
    }
    return switch (key) {
      case "path" -> new PaxHeader(Optional.of(value), size, sparse);
      case "size" -> {
        if (!value.matches("[0-9]{1,18}")) {
          throw damaged(where);
        }
        yield new PaxHeader(path, Optional.of(Long.parseLong(value)), sparse);
      }
      default -> this;
    };
  }

  private static DamagedInput damaged(SourceLocation where) {
    return new DamagedInput(
        InputCode.TAR_DAMAGED, where, "an extended header that is not LENGTH KEY=VALUE lines", "");
  }
}
