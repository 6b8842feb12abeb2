package dev.tracery.render.printf;

/// Of which extensions of `%p` a kernel's vbin_printf keeps the pointer. Of the others it keeps the
/// text, since what is pointed to can have changed when it is read.
public enum StoredPointers {
  /// Of all: up to 4.15.
  ALL(""),
  /// Of symbols and addresses: 4.16 (841a915d20c7) to 5.4.
  WITH_PF("SsFfxK"),
  /// Without `%pF` and `%pf` (9af7706492f9) and with `%pe` (57f5677e535b): 5.5 and later.
  WITH_PE("SsxKe");

  private final String letters;

  StoredPointers(String letters) {
    this.letters = letters;
  }

  boolean has(String extension) {
    return this == ALL || extension.isEmpty() || letters.indexOf(extension.charAt(0)) >= 0;
  }
}
