package dev.tracery.conformance;

import com.google.protobuf.ByteString;
import dev.tracery.compiler.layout.CanonicalForm;
import dev.tracery.conformance.v1.LayoutCase;
import dev.tracery.conformance.v1.LayoutVectors;
import dev.tracery.it.SampleKernel;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Format files of the samples, and such as no kernel writes, with their hash and id.
final class LayoutCases {

  private static final int LONGEST = 4096;
  private static final int OF_EACH_KERNEL = 9;
  private static final byte[] ID = {'I', 'D', ':'};

  private final LayoutVectors.Builder vectors = LayoutVectors.newBuilder();

  static LayoutVectors make(List<SampleKernel> kernels) {
    LayoutCases cases = new LayoutCases();
    Set<String> systems = new HashSet<>();
    for (SampleKernel kernel : kernels) {
      cases.real(kernel, systems);
    }
    cases.damaged();
    return cases.vectors.build();
  }

  /// Events of systems that no kernel before had a case of, and two that tools like.
  private void real(SampleKernel kernel, Set<String> systems) {
    List<EventName> chosen = new ArrayList<>();
    chosen.add(EventName.parse("sched/sched_switch"));
    chosen.add(EventName.parse("irq/irq_handler_entry"));
    for (EventName event : kernel.formats().keySet()) {
      if (chosen.size() < OF_EACH_KERNEL
          && Objects.requireNonNull(kernel.formats().get(event)).length <= LONGEST
          && systems.add(event.system())) {
        chosen.add(event);
      }
    }
    for (EventName event : chosen) {
      add(
          kernel.id() + " " + event,
          Objects.requireNonNull(kernel.formats().get(event)),
          kernel.identity().target());
    }
  }

  private void damaged() {
    String body =
        "format:\n\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n\n\tfield:int"
            + " pid;\toffset:8;\tsize:4;\tsigned:1;\n\nprint fmt: \"pid=%d\", REC->pid\n";
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("as a kernel writes it", "name: a\nID: 314\n" + body);
    texts.put("without an ID: line", "name: a\n" + body);
    texts.put("with two ID: lines, of which the first counts", "name: a\nID: 1\nID: 2\n" + body);
    texts.put("with a second ID: line further down", "name: a\nID: 1\n" + body + "ID: 2\n");
    texts.put("with the ID: line at the beginning", "ID: 7\nname: a\n" + body);
    texts.put("with the ID: line at the end", "name: a\n" + body + "ID: 8\n");
    texts.put("with an ID: line at the end that has no line feed", "name: a\n" + body + "ID: 9");
    texts.put("with blank lines before an ID: line at the end", "name: a\n" + body + "\n\nID: 9\n");
    texts.put("with NULs before an ID: line at the end", "name: a\n\0\0\nID: 9\n\n\0");
    texts.put("with carriage returns", ("name: a\nID: 314\n" + body).replace("\n", "\r\n"));
    texts.put("with carriage returns alone", ("name: a\nID: 314\n" + body).replace('\n', '\r'));
    texts.put("with a carriage return at the end", "name: a\nID: 3\n" + body + "\r");
    texts.put("without a line feed at the end", ("name: a\nID: 314\n" + body).stripTrailing());
    texts.put("with line feeds at the end", "name: a\nID: 314\n" + body + "\n\n\n");
    texts.put("with NULs at the end", "name: a\nID: 314\n" + body + "\0\0\0");
    texts.put("with NULs and line feeds at the end", "name: a\nID: 314\n" + body + "\n\0\n\0\0\n");
    texts.put("with blanks at the end, which count", "name: a\nID: 314\n" + body + "  ");
    texts.put("with a NUL in the middle", "name: a\0b\nID: 314\n" + body);
    texts.put("with a NUL behind the number", "name: a\nID: 314\0\n" + body);
    texts.put("with an ID: line of NULs at the end", "name: a\nID: 5\0\0\0");
    texts.put("empty", "");
    texts.put("of one line feed", "\n");
    texts.put("of NULs and line feeds", "\0\n\0\n");
    texts.put("of an ID: line alone", "ID: 12\n");
    texts.put("of an ID: line alone that has no line feed", "ID: 12");
    texts.put("of an ID: without a number", "ID:");
    texts.put("with an ID: line without a number", "name: a\nID:\n" + body);
    texts.put("with an ID: line of blanks", "name: a\nID: \t \n" + body);
    texts.put("with an ID: line of letters", "name: a\nID: abc\n" + body);
    texts.put("with letters behind the number", "name: a\nID: 12abc\n" + body);
    texts.put("with a word behind the number", "name: a\nID: 12 34\n" + body);
    texts.put("with no blank before the number", "name: a\nID:56\n" + body);
    texts.put("with blanks and tabs before the number", "name: a\nID: \t \t 78\n" + body);
    texts.put("with blanks behind the number", "name: a\nID: 78 \t\n" + body);
    texts.put("with a carriage return before the number", "name: a\nID:\r78\n" + body);
    texts.put("with a negative number", "name: a\nID: -5\n" + body);
    texts.put("with a plus before the number", "name: a\nID: +5\n" + body);
    texts.put("with zeros before the number", "name: a\nID: 000000012\n" + body);
    texts.put("with the id 0", "name: a\nID: 0\n" + body);
    texts.put("with the largest id of 9 digits", "name: a\nID: 999999999\n" + body);
    texts.put("with a number of 10 digits, of which 9 count", "name: a\nID: 1234567890\n" + body);
    texts.put("with a number of 40 digits", "name: a\nID: " + "9".repeat(40) + "\n" + body);
    texts.put("with digits that are not ASCII", "name: a\nID: \u0661\u0662\n" + body);
    texts.put("with id: in lower case, which is none", "name: a\nid: 5\n" + body);
    texts.put("with a blank before ID:", "name: a\n ID: 5\n" + body);
    texts.put("with a blank before the first ID: only", "name: a\n ID: 5\nID: 6\n" + body);
    texts.put("with ID: within a line", "name: a ID: 5\n" + body);
    texts.put("with IDs: before ID:", "name: a\nIDs: 5\nID: 6\n" + body);
    texts.put("with ID before ID:", "name: a\nID 5\nID: 6\n" + body);
    texts.put("with a byte order mark", "\ufeffID: 5\nname: a\n" + body);
    texts.put("with text that is UTF-8", "name: \u00e4\u20ac\ud83d\ude00\nID: 5\n" + body);
    texts.put("with a next-line character", "name: a\u0085ID: 4\nID: 5\n" + body);
    texts.put("with a line separator", "name: a\u2028ID: 4\nID: 5\u2028\n" + body);
    texts.put("with a form feed and a vertical tab", "name: a\f\u000bID: 4\nID: 5\f\n" + body);
    Target[] targets = {
      Target.LITTLE_64,
      new Target(WordSize.BITS_32, ByteOrder.LITTLE_ENDIAN),
      new Target(WordSize.BITS_64, ByteOrder.BIG_ENDIAN),
      new Target(WordSize.BITS_32, ByteOrder.BIG_ENDIAN)
    };
    int turn = 0;
    for (var text : texts.entrySet()) {
      add(text.getKey(), text.getValue().getBytes(StandardCharsets.UTF_8), targets[turn++ % 4]);
    }
    for (Target target : targets) {
      add(
          "not UTF-8, for " + target.wordSize().bytes() + " " + target.byteOrder().word(),
          ("name: \u00ff\u00c3\u0028\u0085\u0080\nID: 5\u0085\n" + body)
              .getBytes(StandardCharsets.ISO_8859_1),
          target);
    }
  }

  private void add(String name, byte[] text, Target target) {
    byte[] hash = hash(text, target);
    if (!Arrays.equals(hash, CanonicalForm.hash(text, target).bytes())) {
      throw new AssertionError(name + ": the compiler has another hash");
    }
    vectors.addCases(
        LayoutCase.newBuilder()
            .setName(name)
            .setText(ByteString.copyFrom(text))
            .setWordSize(Wire.wordSize(target))
            .setByteOrder(Wire.byteOrder(target))
            .setHash(ByteString.copyFrom(hash))
            .setId(id(text)));
  }

  /// As `clients/conformance/README.md` says it, line by line.
  private static byte[] hash(byte[] text, Target target) {
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    form.writeBytes(
        ("tracery-layout 1 word="
                + target.wordSize().bytes()
                + " order="
                + target.byteOrder().word()
                + "\n")
            .getBytes(StandardCharsets.US_ASCII));
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    boolean found = false;
    for (byte[] line : lines(withoutEnd(text))) {
      if (!found && isId(line)) {
        found = true;
      } else {
        rest.writeBytes(line);
      }
    }
    form.writeBytes(withoutEnd(rest.toByteArray()));
    form.write('\n');
    return Sha256.of(form.toByteArray()).bytes();
  }

  private static int id(byte[] text) {
    for (byte[] line : lines(withoutEnd(text))) {
      if (isId(line)) {
        int at = ID.length;
        while (at < line.length && (line[at] == ' ' || line[at] == '\t')) {
          at++;
        }
        int id = 0;
        for (int n = 0; n < 9 && at < line.length && line[at] >= '0' && line[at] <= '9'; n++) {
          id = 10 * id + line[at++] - '0';
        }
        return id;
      }
    }
    return 0;
  }

  private static boolean isId(byte[] line) {
    return line.length >= ID.length && Arrays.equals(line, 0, ID.length, ID, 0, ID.length);
  }

  private static byte[] withoutEnd(byte[] text) {
    int end = text.length;
    while (end > 0 && (text[end - 1] == '\n' || text[end - 1] == 0)) {
      end--;
    }
    return Arrays.copyOf(text, end);
  }

  /// Each with its line feed.
  private static List<byte[]> lines(byte[] text) {
    List<byte[]> lines = new ArrayList<>();
    int begin = 0;
    for (int i = 0; i < text.length; i++) {
      if (text[i] == '\n' || i + 1 == text.length) {
        lines.add(Arrays.copyOfRange(text, begin, i + 1));
        begin = i + 1;
      }
    }
    return lines;
  }
}
