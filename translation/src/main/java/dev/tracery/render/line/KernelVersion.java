package dev.tracery.render.line;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which kernel wrote the text that ours is to look like.
record KernelVersion(int major, int minor) {

  /// Newer than all that are known here.
  static final KernelVersion NEWEST = new KernelVersion(Integer.MAX_VALUE, 0);

  private static final Pattern RELEASE =
      Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*", Pattern.DOTALL);

  /// What `uname -r` says; the newest if it says nothing that can be understood.
  static KernelVersion of(String release) {
    Matcher matcher = RELEASE.matcher(release);
    return matcher.matches()
        ? new KernelVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)))
        : NEWEST;
  }

  boolean atLeast(int otherMajor, int otherMinor) {
    return major > otherMajor || (major == otherMajor && minor >= otherMinor);
  }
}
