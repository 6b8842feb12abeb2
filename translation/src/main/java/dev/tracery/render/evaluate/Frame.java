package dev.tracery.render.evaluate;

import dev.tracery.model.ByteOrder;
import dev.tracery.render.KernelTables;
import dev.tracery.render.TextBuffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// The record that is rendered, and the memory that its print format works with. One frame serves
/// all renderers of a kernel, one record after the other. Not thread-safe.
public final class Frame {

  /// How many steps of loops a record may take.
  private static final int MAX_STEPS = 100_000;

  private static final int MAX_SCRATCH = 1 << 20;
  private static final byte[] NULL = {'(', 'n', 'u', 'l', 'l', ')'};
  private static final byte[] EMPTY = {};

  private static final VarHandle SHORT_LE = handle(short[].class, java.nio.ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORT_BE = handle(short[].class, java.nio.ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT_LE = handle(int[].class, java.nio.ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT_BE = handle(int[].class, java.nio.ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG_LE = handle(long[].class, java.nio.ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG_BE = handle(long[].class, java.nio.ByteOrder.BIG_ENDIAN);

  private final KernelTables tables;
  private final boolean little;
  private final TextBuffer scratch = new TextBuffer(256);
  private final SymbolTexts symbolTexts = new SymbolTexts();

  private byte[] bytes = EMPTY;
  private int offset;
  private int length;
  private byte[] constants = EMPTY;
  private byte[] variables = EMPTY;
  private int steps;

  private static VarHandle handle(Class<?> array, java.nio.ByteOrder order) {
    return MethodHandles.byteArrayViewVarHandle(array, order);
  }

  /// For a kernel's records.
  public Frame(KernelTables tables, ByteOrder byteOrder) {
    this.tables = tables;
    this.little = byteOrder == ByteOrder.LITTLE_ENDIAN;
  }

  /// Begins a record.
  ///
  /// @param constants of the record's print format
  /// @param variables how many bytes its variables need
  public void begin(byte[] bytes, int offset, int length, byte[] constants, int variables) {
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
    this.constants = constants;
    scratch.truncate(0);
    steps = MAX_STEPS;
    if (variables != 0) {
      if (this.variables.length < variables) {
        this.variables = new byte[variables];
      } else {
        Arrays.fill(this.variables, 0, variables, (byte) 0);
      }
    }
  }

  /// The record's length in bytes.
  public int length() {
    return length;
  }

  /// What is known of the kernel.
  public KernelTables tables() {
    return tables;
  }

  /// What was printed of code's addresses.
  SymbolTexts symbolTexts() {
    return symbolTexts;
  }

  /// Whether the kernel is little-endian.
  public boolean isLittle() {
    return little;
  }

  /// Counts a step of a loop.
  void step() {
    if (--steps < 0) {
      throw new NotEvaluable("a loop that does not end");
    }
  }

  // The record's fixed fields. Whoever calls has checked that the record is long enough.

  byte fieldByte(int at) {
    return bytes[offset + at];
  }

  short fieldShort(int at) {
    return (short) (little ? SHORT_LE : SHORT_BE).get(bytes, offset + at);
  }

  int fieldInt(int at) {
    return little ? (int) INT_LE.get(bytes, offset + at) : (int) INT_BE.get(bytes, offset + at);
  }

  long fieldLong(int at) {
    return little ? (long) LONG_LE.get(bytes, offset + at) : (long) LONG_BE.get(bytes, offset + at);
  }

  /// Whether an address is the kernel's, and not that of something that only we have.
  public static boolean isKernels(long address) {
    return !Address.isOurs(address);
  }

  /// The address of a byte of the record.
  public static long inRecord(int offset) {
    return Address.of(Address.RECORD, offset);
  }

  /// A number that the kernel has as an address.
  ///
  /// @throws NotEvaluable if it would be one of ours
  public static long checkKernels(long address) {
    return Pointers.fromKernel(address);
  }

  /// How many bytes there are before the NUL, or the end, of what is at an address.
  public int stringLength(long address) {
    byte[] from = array(address);
    int at = position(address, 0);
    int most = available(address);
    int count = 0;
    while (count < most && from[at + count] != 0) {
      count++;
    }
    return count;
  }

  /// An unsigned integer anywhere.
  ///
  /// @param size 1, 2, 4 or 8
  public long load(long address, int size) {
    byte[] from = array(address);
    int at = position(address, size);
    return switch (size) {
      case 1 -> from[at] & 0xff;
      case 2 -> (short) (little ? SHORT_LE : SHORT_BE).get(from, at) & 0xffff;
      case 4 -> (int) (little ? INT_LE : INT_BE).get(from, at) & 0xffffffffL;
      case 8 -> (long) (little ? LONG_LE : LONG_BE).get(from, at);
      default -> throw new NotEvaluable("an integer of " + size + " bytes");
    };
  }

  /// Stores an integer in a variable.
  void store(long address, int size, long value) {
    if (!Address.isOurs(address) || Address.region(address) != Address.VARIABLES) {
      throw new NotEvaluable("an assignment to what is no variable");
    }
    if (size < 8 && Address.isOurs(value)) {
      throw new NotEvaluable("the address of the record");
    }
    int at = position(address, size);
    switch (size) {
      case 1 -> variables[at] = (byte) value;
      case 2 -> (little ? SHORT_LE : SHORT_BE).set(variables, at, (short) value);
      case 4 -> (little ? INT_LE : INT_BE).set(variables, at, (int) value);
      case 8 -> (little ? LONG_LE : LONG_BE).set(variables, at, value);
      default -> throw new NotEvaluable("a variable of " + size + " bytes");
    }
  }

  /// The array that an address is in; with [#position] what C calls memory.
  ///
  /// @throws NotEvaluable if it is the kernel's memory
  public byte[] array(long address) {
    if (!Address.isOurs(address)) {
      throw new NotEvaluable("the kernel's memory");
    }
    return switch (Address.region(address)) {
      case Address.RECORD -> bytes;
      case Address.CONSTANTS -> constants;
      case Address.SCRATCH -> scratch.array();
      default -> variables;
    };
  }

  /// Where in its array an address is.
  ///
  /// @param size how many bytes must follow
  /// @throws NotEvaluable if they are not there
  public int position(long address, long size) {
    long at = Address.offset(address);
    if (at < 0 || size < 0 || size > end(address) - at) {
      throw new NotEvaluable("bytes outside of the record");
    }
    return Address.region(address) == Address.RECORD ? offset + (int) at : (int) at;
  }

  /// How many bytes there are from an address on.
  public int available(long address) {
    return (int) Math.max(0, Math.min(Integer.MAX_VALUE, end(address) - Address.offset(address)));
  }

  private long end(long address) {
    return switch (Address.region(address)) {
      case Address.RECORD -> length;
      case Address.CONSTANTS -> constants.length;
      case Address.SCRATCH -> scratch.length();
      default -> variables.length;
    };
  }

  /// Appends the string at an address, up to its NUL or the end of what there is.
  public void string(long address, TextBuffer out) {
    string(address, Integer.MAX_VALUE, out);
  }

  /// The same with at most `limit` bytes.
  public void string(long address, int limit, TextBuffer out) {
    if (!Address.isOurs(address)) {
      kernelString(address, limit, out);
      return;
    }
    byte[] from = array(address);
    int at = position(address, 0);
    int end = at + Math.min(limit, available(address));
    int to = at;
    while (to < end && from[to] != 0) {
      to++;
    }
    out.put(from, at, to - at);
  }

  private void kernelString(long address, int limit, TextBuffer out) {
    byte[] known = address == 0 ? NULL : tables.strings().at(address);
    if (known == null) {
      throw new NotEvaluable("a string in the kernel's memory");
    }
    out.put(known, 0, Math.min(limit, known.length));
  }

  /// A string that was made for this record.
  long kept(TextNode text) {
    if (scratch.length() > MAX_SCRATCH) {
      throw new NotEvaluable("a text that is too long");
    }
    // Why another buffer: what the text is made of may be kept texts.
    TextBuffer made = new TextBuffer(64);
    text.write(this, made);
    long address = Address.of(Address.SCRATCH, scratch.length());
    scratch.put(made.array(), 0, made.length());
    scratch.put(0);
    return address;
  }
}
