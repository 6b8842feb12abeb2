package dev.tracery.translate;

/// What a bundle says of the kernel whose records it reads.
///
/// @param kernel the kernel's id in the registry; without one, whatever stands for it: letters,
///   digits, `_`, `-` and `.`
/// @param release `uname -r`
/// @param machine `uname -m`
/// @param manifest the fingerprint of the kernel's manifest, in hexadecimal digits; empty if it has
///   none
public record BundleAbout(String kernel, String release, String machine, String manifest) {

  /// @throws IllegalArgumentException if the kernel's id cannot be part of a symbolic name
  public BundleAbout {
    if (!kernel.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*")) {
      throw new IllegalArgumentException(
          "a kernel's id has letters, digits, '_', '-' and '.', unlike \"" + kernel + "\"");
    }
  }

  /// The bundle's symbolic name.
  public String symbolicName() {
    return BundleWriter.CAPABILITY + "." + kernel;
  }
}
