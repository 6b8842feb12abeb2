package dev.tracery.render;

/// The kernel's functions by address. Thread-safe.
public interface KernelSymbols {

  /// No symbols.
  KernelSymbols NONE =
      new KernelSymbols() {
        @Override
        public int count() {
          return 0;
        }

        @Override
        public int find(long address) {
          return -1;
        }

        @Override
        public byte[] name(int index) {
          throw new IndexOutOfBoundsException(index);
        }

        @Override
        public long address(int index) {
          throw new IndexOutOfBoundsException(index);
        }
      };

  /// How many there are. They are in the order of their addresses.
  int count();

  /// The symbol that an address lies in.
  ///
  /// @return its index; -1 if there is none at or before the address
  int find(long address);

  /// A symbol's name, with the module's in brackets where it is one's: `name [module]`. Not to be
  /// changed.
  byte[] name(int index);

  /// Where a symbol begins.
  long address(int index);
}
