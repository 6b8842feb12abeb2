package dev.tracery.render;

/// What print formats need to know of a kernel besides the record.
///
/// @param symbols addresses of functions
/// @param strings texts by address: `printk_formats`
public record KernelTables(KernelSymbols symbols, KernelStrings strings) {

  /// Nothing is known.
  public static final KernelTables NONE = new KernelTables(KernelSymbols.NONE, _ -> null);
}
