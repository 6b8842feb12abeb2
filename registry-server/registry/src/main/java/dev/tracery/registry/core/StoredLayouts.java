package dev.tracery.registry.core;

import dev.tracery.compiler.FormatCompiler;
import dev.tracery.compiler.layout.CanonicalForm;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.model.Sha256;
import dev.tracery.model.Target;
import dev.tracery.registry.RegistryException;
import dev.tracery.store.Store;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// The layouts that the store holds as texts, compiled when they are used. Thread-safe.
final class StoredLayouts {

  // Why: trees take some ten times as much as the text that they were read from, so this is some
  // 10 MiB.
  private static final int MAX_KEPT_BYTES = 1 << 20;

  private static final byte[] ID_LINE = "ID: 0\n".getBytes(StandardCharsets.US_ASCII);

  private final Store store;
  private final FormatCompiler compiler;
  private final Map<Sha256, byte[]> unstored;
  private final RecentlyUsed<Sha256, Layout> kept;
  private final DiffCache diffs;

  /// With a cache of differences of the default size.
  StoredLayouts(Store store, FormatCompiler compiler) {
    this(store, compiler, new DiffCache(RegistryLimits.DEFAULT.diffCacheBytes()));
  }

  /// @param diffs where differences of these layouts are kept
  StoredLayouts(Store store, FormatCompiler compiler, DiffCache diffs) {
    this(
        store,
        compiler,
        Map.of(),
        new RecentlyUsed<>(MAX_KEPT_BYTES, StoredLayouts::weight),
        diffs);
  }

  private StoredLayouts(
      Store store,
      FormatCompiler compiler,
      Map<Sha256, byte[]> unstored,
      RecentlyUsed<Sha256, Layout> kept,
      DiffCache diffs) {
    this.store = store;
    this.compiler = compiler;
    this.unstored = unstored;
    this.kept = kept;
    this.diffs = diffs;
  }

  /// These layouts and some that are not stored, or not yet.
  ///
  /// @param forms their canonical forms
  StoredLayouts with(Map<Sha256, byte[]> forms) {
    // Why one cache for both: what a hash stands for does not depend on where it came from.
    return new StoredLayouts(store, compiler, forms, kept, diffs);
  }

  /// The layout with this hash.
  ///
  /// @throws RegistryException DATA_LOSS if the store has lost it
  Layout layout(Sha256 hash) {
    return kept.get(hash)
        .orElseGet(() -> {
          Layout layout = compile(hash);
          kept.put(hash, layout);
          return layout;
        });
  }

  /// As [#layout], for who reads a great many once: they would push out what others use.
  Layout layoutOnce(Sha256 hash) {
    return kept.get(hash).orElseGet(() -> compile(hash));
  }

  /// What differs between these layouts, of earlier questions.
  DiffCache diffs() {
    return diffs;
  }

  /// About as many bytes as the format has.
  private static long weight(Layout layout) {
    return 64L * (1 + layout.commonFields().size() + layout.fields().size())
        + layout.printFormat().text().length();
  }

  /// The format with this hash. Its id is 0: a layout has none, but a format file must.
  ///
  /// @throws RegistryException DATA_LOSS if the store has lost it
  byte[] format(Sha256 hash) {
    return format(form(hash));
  }

  /// The canonical form with an id's line for the head's. Which is no matter: it is dropped again
  /// where the format is hashed.
  private static byte[] format(byte[] form) {
    int head = 0;
    while (head < form.length && form[head] != '\n') {
      head++;
    }
    head = Math.min(form.length, head + 1);
    byte[] format = new byte[ID_LINE.length + form.length - head];
    System.arraycopy(ID_LINE, 0, format, 0, ID_LINE.length);
    System.arraycopy(form, head, format, ID_LINE.length, form.length - head);
    return format;
  }

  private Layout compile(Sha256 hash) {
    byte[] form = form(hash);
    Target target;
    try {
      target = CanonicalForm.target(form);
    } catch (IllegalArgumentException e) {
      throw lost(hash, String.valueOf(e.getMessage()));
    }
    FormatCompiler.Result result = compiler.compile("layout " + hash, format(form), target);
    Layout layout =
        result
            .layout()
            .orElseThrow(() ->
                lost(hash, "this version cannot read it: " + result.diagnostics().getFirst()));
    if (!layout.hash().equals(hash)) {
      throw lost(hash, "what the store has is the layout " + layout.hash());
    }
    return layout;
  }

  private byte[] form(Sha256 hash) {
    byte[] form = unstored.get(hash);
    return form != null ? form : stored(hash);
  }

  private byte[] stored(Sha256 hash) {
    return StoreCalls.call(() -> store.blob(hash))
        .orElseThrow(() -> lost(hash, "the store does not have it"));
  }

  private static RegistryException lost(Sha256 hash, String what) {
    return new RegistryException(
        RegistryException.Code.DATA_LOSS,
        hash.hex(),
        "the layout " + hash + " is registered, but " + what);
  }
}
