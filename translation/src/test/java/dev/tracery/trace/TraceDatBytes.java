package dev.tracery.trace;

import dev.tracery.model.WordSize;
import io.airlift.compress.v3.zstd.ZstdJavaCompressor;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;

/// Writes a `trace.dat` by hand, with one event, `demo` (trace-cmd.dat.v6(5), trace-cmd.dat.v7(5)).
final class TraceDatBytes {

  static final int DEMO = 300;

  private static final String FORMAT =
      """
      name: demo
      ID: 300
      format:
      \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
      \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
      \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
      \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

      \tfield:int value;\toffset:8;\tsize:4;\tsigned:1;

      print fmt: "value=%d", REC->value
      """;

  /// @param data of each CPU: pages
  record Buffer(String name, String clock, int pageSize, List<Cpu> cpus) {}

  record Cpu(int number, byte[] pages) {}

  record Option(int id, byte[] data) {}

  private final PageFormat format;
  private final boolean big;
  private final List<Option> options = new ArrayList<>();
  private final List<Buffer> buffers = new ArrayList<>();
  private byte[] out = new byte[0];

  TraceDatBytes(PageFormat format) {
    this.format = format;
    this.big = format.order() == dev.tracery.model.ByteOrder.BIG_ENDIAN;
  }

  TraceDatBytes option(int id, byte[] data) {
    options.add(new Option(id, data));
    return this;
  }

  TraceDatBytes option(int id, String text) {
    return option(id, text(text + "\0"));
  }

  TraceDatBytes buffer(String name, String clock, int pageSize, Cpu... cpus) {
    buffers.add(new Buffer(name, clock, pageSize, List.of(cpus)));
    return this;
  }

  byte[] numbers(int... values) {
    ByteBuffer bytes = buffer(4 * values.length);
    Arrays.stream(values).forEach(bytes::putInt);
    return bytes.array();
  }

  byte[] number(long value) {
    return buffer(8).putLong(0, value).array();
  }

  private ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
  }

  private byte[] half(int value) {
    return buffer(2).putShort(0, (short) value).array();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static byte[] all(byte[]... parts) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(whole::writeBytes);
    return whole.toByteArray();
  }

  private TraceDatBytes put(byte[]... parts) {
    out = all(out, all(parts));
    return this;
  }

  private void align(int size) {
    out = Arrays.copyOf(out, (out.length + size - 1) / size * size);
  }

  private byte[] head(String version) {
    byte[] sizes = {(byte) (big ? 1 : 0), (byte) format.wordSize().bytes()};
    return all(
        new byte[] {0x17, 0x08, 0x44}, text("tracing" + version + "\0"), sizes, numbers(4096));
  }

  private byte[] headers() {
    int word = format.wordSize() == WordSize.BITS_64 ? 8 : 4;
    byte[] page =
        text(
            "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
                + "\tfield: local_t commit;\toffset:8;\tsize:%d;\tsigned:1;\n".formatted(word)
                + "\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
                + "\tfield: char data;\toffset:%d;\tsize:%d;\tsigned:1;\n"
                    .formatted(format.dataOffset(), format.size() - format.dataOffset()));
    byte[] event = text("# compressed entry header\n\ttype_len    :    5 bits\n");
    return all(
        text("header_page\0"),
        number(page.length),
        page,
        text("header_event\0"),
        number(event.length),
        event);
  }

  private byte[] formats() {
    byte[] demo = text(FORMAT);
    return all(numbers(1), text("test\0"), numbers(1), number(demo.length), demo);
  }

  /// Version 6: the first buffer is the kernel's own.
  byte[] version6() {
    put(head("6"), headers(), numbers(0), formats());
    put(numbers(0), numbers(0), number(0), numbers(buffers.getFirst().cpus().size()));
    put(text("options  \0"));
    options.forEach(option -> put(half(option.id), numbers(option.data.length), option.data));
    List<Integer> offsets = new ArrayList<>();
    for (Buffer buffer : buffers.subList(1, buffers.size())) {
      put(half(3), numbers(8 + buffer.name.length() + 1));
      offsets.add(out.length);
      put(number(0), text(buffer.name + "\0"));
    }
    put(half(0));
    for (int i = 0; i < buffers.size(); i++) {
      if (i > 0) {
        patch(offsets.get(i - 1), number(out.length));
      }
      put(text("flyrecord\0"));
      int table = out.length;
      List<Cpu> cpus = buffers.get(i).cpus();
      put(new byte[16 * cpus.size()]);
      for (int cpu = 0; cpu < cpus.size(); cpu++) {
        align(4096);
        byte[] pages = cpus.get(cpu).pages();
        patch(table + 16 * cpu, all(number(out.length), number(pages.length)));
        put(pages);
      }
    }
    return out;
  }

  private void patch(int at, byte[] bytes) {
    System.arraycopy(bytes, 0, out, at, bytes.length);
  }

  /// Version 7, with all records compressed, and nothing else.
  ///
  /// @param compression `none`, `zlib`, `zstd`
  byte[] version7(String compression) {
    put(head("7"), text(compression + "\0"), text("1\0"));
    int first = out.length;
    put(number(0));
    options.add(new Option(16, section(16, headers())));
    options.add(new Option(17, section(17, numbers(0))));
    options.add(new Option(18, section(18, formats())));
    for (Buffer buffer : buffers) {
      int section = out.length;
      boolean compressed = !compression.equals("none");
      put(half(3), half(compressed ? 1 : 0), numbers(0), number(0));
      byte[] list = new byte[0];
      for (Cpu cpu : buffer.cpus()) {
        align(4096);
        byte[] stored = compressed ? chunks(cpu.pages(), compression) : cpu.pages();
        list = all(list, numbers(cpu.number()), number(out.length), number(stored.length));
        put(stored);
      }
      patch(section + 8, number(out.length - section - 16));
      options.add(
          new Option(
              3,
              all(
                  number(section),
                  text(buffer.name() + "\0" + buffer.clock() + "\0"),
                  numbers(buffer.pageSize(), buffer.cpus().size()),
                  list)));
    }
    patch(first, number(out.length));
    byte[] body = new byte[0];
    for (Option option : options) {
      body = all(body, half(option.id), numbers(option.data.length), option.data);
    }
    section(0, all(body, half(0), numbers(8), number(0)));
    return out;
  }

  /// @return where it is
  private byte[] section(int id, byte[] body) {
    int at = out.length;
    put(half(id), half(0), numbers(0), number(body.length), body);
    return number(at);
  }

  /// Chunks of one and a half pages, as no writer makes them, but the format allows.
  private byte[] chunks(byte[] pages, String compression) {
    int size = format.size() * 3 / 2;
    int count = (pages.length + size - 1) / size;
    byte[] chunks = numbers(count);
    for (int i = 0; i < count; i++) {
      byte[] chunk = Arrays.copyOfRange(pages, i * size, Math.min((i + 1) * size, pages.length));
      byte[] packed = new byte[chunk.length + 1024];
      int length;
      if (compression.equals("zstd")) {
        length =
            new ZstdJavaCompressor().compress(chunk, 0, chunk.length, packed, 0, packed.length);
      } else {
        try (Deflater deflater = new Deflater()) {
          deflater.setInput(chunk);
          deflater.finish();
          length = deflater.deflate(packed);
        }
      }
      chunks = all(chunks, numbers(length, chunk.length), Arrays.copyOf(packed, length));
    }
    return chunks;
  }
}
