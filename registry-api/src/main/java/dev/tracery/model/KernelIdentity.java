package dev.tracery.model;

/// What one kernel build says of itself. The release alone does not identify a kernel.
///
/// @param release `uname -r`, never empty
/// @param build `uname -v`; empty where the input did not tell
/// @param machine `uname -m`, never empty
/// @param target word size and byte order
/// @param pageSize in bytes, a power of two from 4096 to 1048576
public record KernelIdentity(
    String release, String build, String machine, Target target, int pageSize) {

  /// The longest release, build or machine, in characters. `struct new_utsname` has 65 bytes for
  /// each (include/uapi/linux/utsname.h); `/proc/version` is longer.
  public static final int MAX_LENGTH = 512;

  /// @throws IllegalArgumentException naming the part that is not as described above
  public KernelIdentity {
    checkText("release", release, false);
    checkText("build", build, true);
    checkText("machine", machine, false);
    if (Integer.bitCount(pageSize) != 1 || pageSize < 4096 || pageSize > 1 << 20) {
      throw new IllegalArgumentException(
          "page_size: expected a power of two from 4096 to 1048576 but found " + pageSize);
    }
  }

  private static void checkText(String part, String text, boolean mayBeEmpty) {
    if (text.isEmpty() && !mayBeEmpty) {
      throw new IllegalArgumentException(part + ": must not be empty");
    }
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          part + ": has " + text.length() + " characters; at most " + MAX_LENGTH + " are allowed");
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        throw new IllegalArgumentException(
            String.format(
                "%s: has the control character U+%04X at position %d",
                part, (int) text.charAt(i), i + 1));
      }
    }
  }
}
