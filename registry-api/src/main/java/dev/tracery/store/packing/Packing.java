package dev.tracery.store.packing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/// How content is packed where it is stored. Numbers and dictionaries are for ever: a file or
/// database says by number how each of its rows is packed. A better dictionary is a new constant.
public enum Packing {
  /// As it is: what does not get smaller.
  PLAIN(0, null),
  /// Raw deflate (RFC 1951).
  DEFLATE(1, null),
  /// Raw deflate that begins with what formats have most often. The formats of Debian's 6.1 for
  /// amd64, 891 bytes on average, are packed to 174; without the dictionary, to 336.
  DEFLATE_FORMATS_1(2, "formats-1.dictionary");

  // Why: no deflate stream is longer than this many times what it is made of, so a damaged size
  // cannot make us allocate gigabytes.
  private static final int GREATEST_RATIO = 1_032;

  // Why: beyond a few windows' worth the dictionary gains nothing.
  private static final int GREATEST_WITH_DICTIONARY = 32 << 10;

  private final int number;
  private final byte @Nullable [] dictionary;

  Packing(int number, @Nullable String dictionary) {
    this.number = number;
    this.dictionary = dictionary == null ? null : load(dictionary);
  }

  /// The number that stands for this where it is stored.
  public int number() {
    return number;
  }

  /// The packing with this number.
  ///
  /// @throws DataFormatException if there is none
  public static Packing of(int number) throws DataFormatException {
    for (Packing packing : values()) {
      if (packing.number == number) {
        return packing;
      }
    }
    throw new DataFormatException("unknown packing " + number);
  }

  /// Content as it is stored, and the size that it has unpacked.
  public record Packed(Packing packing, int size, byte[] bytes) {}

  /// Packs content. Holds native memory until it is closed; not thread-safe.
  public static final class Packer implements AutoCloseable {
    private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);

    /// The content as [Packing#unpack] takes it. The array is not kept, but for what cannot be
    /// packed.
    public Packed pack(byte[] content) {
      Packing packing = content.length > GREATEST_WITH_DICTIONARY ? DEFLATE : DEFLATE_FORMATS_1;
      deflater.reset();
      if (packing.dictionary != null) {
        deflater.setDictionary(packing.dictionary);
      }
      deflater.setInput(content);
      deflater.finish();
      byte[] packed = new byte[content.length];
      int length = deflater.deflate(packed);
      if (!deflater.finished() || length == content.length) {
        return new Packed(PLAIN, content.length, content);
      }
      return new Packed(packing, content.length, Arrays.copyOf(packed, length));
    }

    @Override
    public void close() {
      deflater.end();
    }
  }

  /// The content that was packed to `bytes`.
  ///
  /// @param size what it was before, in bytes
  /// @throws DataFormatException if `bytes` are not what this packing makes of `size` bytes
  public byte[] unpack(byte[] bytes, int size) throws DataFormatException {
    if (this == PLAIN) {
      if (bytes.length != size) {
        throw new DataFormatException(
            "expected %d bytes but found %d".formatted(size, bytes.length));
      }
      return bytes;
    }
    if (size < 0 || size > (long) bytes.length * GREATEST_RATIO) {
      throw new DataFormatException(size + " bytes cannot come from " + bytes.length);
    }
    Inflater inflater = new Inflater(true);
    try {
      if (dictionary != null) {
        inflater.setDictionary(dictionary);
      }
      inflater.setInput(bytes);
      byte[] content = new byte[size];
      int length = inflater.inflate(content);
      if (length != size || !ends(inflater)) {
        throw new DataFormatException("expected %d bytes but found others".formatted(size));
      }
      return content;
    } finally {
      inflater.end();
    }
  }

  private static boolean ends(Inflater inflater) throws DataFormatException {
    return inflater.finished() || (inflater.inflate(new byte[1]) == 0 && inflater.finished());
  }

  private static byte[] load(String dictionary) {
    try (InputStream in = Packing.class.getResourceAsStream(dictionary)) {
      if (in == null) {
        throw new IllegalStateException("this build lacks " + dictionary);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
