package dev.tracery.model;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A SHA-256 as a value: 32 bytes in four big-endian longs, so that it is cheap as a map key.
public record Sha256(long a, long b, long c, long d) implements Comparable<Sha256> {

  /// The length in bytes.
  public static final int LENGTH = 32;

  /// The hash of `content`.
  public static Sha256 of(byte[] content) {
    return ofBytes(digest().digest(content));
  }

  /// The hash that these 32 bytes are.
  ///
  /// @throws IllegalArgumentException if `bytes` is not 32 bytes long
  public static Sha256 ofBytes(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("expected 32 bytes but found " + bytes.length);
    }
    return of(bytes, 0);
  }

  /// The hash that these 64 hexadecimal digits are.
  ///
  /// @throws IllegalArgumentException if `hex` is anything else
  public static Sha256 parse(String hex) {
    return ofBytes(HexFormat.of().parseHex(hex));
  }

  /// A new SHA-256 digest. Not thread-safe, as digests are.
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /// The 32 bytes, in a new array.
  public byte[] bytes() {
    byte[] bytes = new byte[LENGTH];
    put(bytes, 0, a);
    put(bytes, 8, b);
    put(bytes, 16, c);
    put(bytes, 24, d);
    return bytes;
  }

  /// The 64 lower-case hexadecimal digits.
  public String hex() {
    return HexFormat.of().formatHex(bytes());
  }

  @Override
  public int compareTo(Sha256 other) {
    int byA = Long.compareUnsigned(a, other.a);
    if (byA != 0) {
      return byA;
    }
    int byB = Long.compareUnsigned(b, other.b);
    if (byB != 0) {
      return byB;
    }
    int byC = Long.compareUnsigned(c, other.c);
    return byC != 0 ? byC : Long.compareUnsigned(d, other.d);
  }

  @Override
  public int hashCode() {
    return (int) a;
  }

  @Override
  public String toString() {
    return hex();
  }

  private static Sha256 of(byte[] bytes, int from) {
    return new Sha256(
        get(bytes, from), get(bytes, from + 8), get(bytes, from + 16), get(bytes, from + 24));
  }

  private static long get(byte[] bytes, int from) {
    long value = 0;
    for (int i = from; i < from + 8; i++) {
      value = value << 8 | bytes[i] & 0xff;
    }
    return value;
  }

  private static void put(byte[] bytes, int from, long value) {
    for (int i = 0; i < 8; i++) {
      bytes[from + i] = (byte) (value >>> (56 - 8 * i));
    }
  }
}
