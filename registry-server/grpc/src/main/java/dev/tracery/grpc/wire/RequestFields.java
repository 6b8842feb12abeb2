package dev.tracery.grpc.wire;

import com.google.protobuf.ByteString;
import dev.tracery.grpc.status.Violations;
import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;

/// Reads the fields that many requests have. What is wrong goes to the violations, and the value
/// that is answered then is a stand-in which nobody sees once [Violations#check] has thrown.
public final class RequestFields {

  private static final int MAX_NAME_LENGTH = 512;
  private static final EventName NO_EVENT = new EventName("none", "none");
  private static final Sha256 NO_HASH = new Sha256(0, 0, 0, 0);

  private RequestFields() {}

  /// An event, `system/name`.
  public static EventName event(String field, String text, Violations violations) {
    try {
      return EventName.parse(text);
    } catch (IllegalArgumentException e) {
      violations.add(field, String.valueOf(e.getMessage()));
      return NO_EVENT;
    }
  }

  /// A layout's hash.
  public static Sha256 hash(String field, ByteString bytes, Violations violations) {
    if (bytes.size() != Sha256.LENGTH) {
      violations.add(field, "expected a SHA-256 of 32 bytes but found " + bytes.size() + " bytes");
      return NO_HASH;
    }
    return Sha256.ofBytes(bytes.toByteArray());
  }

  /// The name of a kernel, which must be there.
  public static String kernel(String field, String text, Violations violations) {
    if (text.isEmpty()) {
      violations.add(
          field, "name a kernel: its id, a prefix of the id (4 digits or more) or a release");
    }
    return name(field, text, violations);
  }

  /// A name or glob, which may be empty: no control characters, and of bounded length.
  public static String name(String field, String text, Violations violations) {
    if (text.length() > MAX_NAME_LENGTH) {
      violations.add(
          field, "at most " + MAX_NAME_LENGTH + " characters are allowed, not " + text.length());
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        violations.add(
            field,
            String.format(
                "has the control character U+%04X at position %d", (int) text.charAt(i), i + 1));
        break;
      }
    }
    return text;
  }

  /// A page size, where 0 asks for the default.
  public static int pageSize(int value, int byDefault, int max, Violations violations) {
    if (value < 0 || value > max) {
      violations.add(
          "page_size", "expected 1 to " + max + ", or 0 for " + byDefault + ", but found " + value);
      return byDefault;
    }
    return value == 0 ? byDefault : value;
  }
}
