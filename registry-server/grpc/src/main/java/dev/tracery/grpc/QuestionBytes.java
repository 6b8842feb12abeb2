package dev.tracery.grpc;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A `NegotiateRequest` as bytes, cut into the tool's name, its version, and what it asks: versions
/// of tools that ask the same differ in the first two only.
record QuestionBytes(String name, String version, Rest rest) {

  private static final int TOOL_TAG = 1 << 3 | 2;
  private static final int NAME_TAG = 1 << 3 | 2;
  private static final int VERSION_TAG = 2 << 3 | 2;
  private static final int MAX_LENGTH = 100;

  /// What a tool asks, whatever it is called.
  ///
  /// @param toolBytes how many of the bytes belong to the tool
  record Rest(int toolBytes, byte[] bytes) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Rest that
          && toolBytes == that.toolBytes
          && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }

  /// Cuts a request. Empty where that is not simple: unless the tool is the first field, name and
  /// version are its first, and both are of ASCII and good ones for certain.
  static Optional<QuestionBytes> cut(byte[] request) {
    int at = 0;
    if (request.length < 2 || request[at++] != TOOL_TAG) {
      return Optional.empty();
    }
    int length = 0;
    for (int shift = 0; ; shift += 7) {
      if (shift > 14 || at == request.length) {
        return Optional.empty();
      }
      byte part = request[at++];
      length |= (part & 0x7f) << shift;
      if (part >= 0) {
        break;
      }
    }
    int end = at + length;
    if (end > request.length) {
      return Optional.empty();
    }
    String name = text(request, at, end, NAME_TAG, "/*?");
    if (name == null) {
      return Optional.empty();
    }
    at += 2 + name.length();
    String version = text(request, at, end, VERSION_TAG, "*");
    if (version == null) {
      return Optional.empty();
    }
    at += 2 + version.length();
    return Optional.of(
        new QuestionBytes(
            name, version, new Rest(end - at, Arrays.copyOfRange(request, at, request.length))));
  }

  private static @Nullable String text(byte[] request, int at, int end, int tag, String unwelcome) {
    if (end - at < 2 || request[at] != tag) {
      return null;
    }
    int length = request[at + 1];
    int begin = at + 2;
    if (length < 1 || length > MAX_LENGTH || length > end - begin) {
      return null;
    }
    for (int i = begin; i < begin + length; i++) {
      if (request[i] <= ' ' || request[i] > '~' || unwelcome.indexOf(request[i]) >= 0) {
        return null;
      }
    }
    return new String(request, begin, length, StandardCharsets.ISO_8859_1);
  }
}
