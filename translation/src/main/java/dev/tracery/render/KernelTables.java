package dev.tracery.render;

import dev.tracery.trace.TraceContent;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What print formats need to know of a kernel besides the record.
///
/// @param symbols addresses of functions
/// @param strings texts by address: `printk_formats`
public record KernelTables(KernelSymbols symbols, KernelStrings strings) {

  /// Nothing is known.
  public static final KernelTables NONE = new KernelTables(KernelSymbols.NONE, _ -> null);

  /// What a trace knows. The tables are read when they are first asked.
  public static KernelTables of(TraceContent content) {
    return of(content.symbols(), content.printkFormats());
  }

  /// What the kernel's text tables say. They are read when they are first asked.
  ///
  /// @param kallsyms a `/proc/kallsyms`; may be empty. Is kept, and not to be changed
  /// @param printkFormats a `printk_formats`; may be empty. Is kept, and not to be changed
  public static KernelTables of(byte[] kallsyms, byte[] printkFormats) {
    KernelSymbols symbols =
        kallsyms.length == 0 ? KernelSymbols.NONE : new LazySymbols(() -> new Kallsyms(kallsyms));
    Lazy<KernelStrings> strings = new Lazy<>(() -> new PrintkFormats(printkFormats));
    return new KernelTables(symbols, address -> strings.get().at(address));
  }

  private static final class Lazy<T> {
    private final Supplier<T> source;
    private volatile @Nullable T value;

    Lazy(Supplier<T> source) {
      this.source = source;
    }

    T get() {
      T known = value;
      if (known == null) {
        synchronized (this) {
          known = value;
          if (known == null) {
            known = source.get();
            value = known;
          }
        }
      }
      return known;
    }
  }

  private static final class LazySymbols implements KernelSymbols {
    private final Lazy<KernelSymbols> symbols;

    LazySymbols(Supplier<KernelSymbols> source) {
      this.symbols = new Lazy<>(source);
    }

    @Override
    public int count() {
      return symbols.get().count();
    }

    @Override
    public int find(long address) {
      return symbols.get().find(address);
    }

    @Override
    public byte[] name(int index) {
      return symbols.get().name(index);
    }

    @Override
    public long address(int index) {
      return symbols.get().address(index);
    }
  }
}
