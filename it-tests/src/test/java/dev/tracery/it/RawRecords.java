package dev.tracery.it;

import dev.tracery.model.EventName;
import dev.tracery.trace.RecordCursor;
import dev.tracery.trace.RecordFilter;
import dev.tracery.trace.Trace;
import dev.tracery.trace.TraceLimits;
import dev.tracery.trace.Traces;
import io.airlift.compress.v3.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// A recording of raw pages of a sample, beside what the kernel itself printed of it.
///
/// @param folder holds `cpu0.raw`, … and `trace.txt`
/// @param kernel whose it is
public record RawRecords(Path folder, SampleKernel kernel) {

  /// Unpacks one.
  ///
  /// @param name `rawall` or `rawsched`
  /// @param into an empty folder
  public static RawRecords read(SampleKernel kernel, String name, Path into) throws IOException {
    Path packed =
        SampleKernel.SAMPLES.resolve(kernel.id()).resolve("traces").resolve(name + ".tar.zst");
    try (InputStream file = Files.newInputStream(packed);
        TarArchiveInputStream tar = new TarArchiveInputStream(new ZstdInputStream(file))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.isFile()) {
          Files.copy(tar, into.resolve(Path.of(entry.getName()).getFileName()));
        }
      }
    }
    return new RawRecords(into, kernel);
  }

  /// The records of an event, in their order.
  public List<byte[]> of(EventName event) throws IOException {
    int id = FormatText.id(Objects.requireNonNull(kernel.formats().get(event)));
    List<byte[]> found = new ArrayList<>();
    RecordFilter filter = new RecordFilter(i -> i == id, _ -> true, Long.MIN_VALUE, Long.MAX_VALUE);
    try (Trace trace =
            Traces.openPages(folder, SampleKernel.tar(kernel.id()), TraceLimits.DEFAULT);
        RecordCursor cursor = trace.records(filter)) {
      while (cursor.advance()) {
        int from = cursor.offset();
        found.add(Arrays.copyOfRange(cursor.bytes(), from, from + cursor.length()));
      }
    }
    return found;
  }

  /// The groups of a pattern in each line of the kernel's text in which it is, sorted.
  public List<String> printed(String pattern) throws IOException {
    Matcher matcher =
        Pattern.compile(pattern).matcher(Files.readString(folder.resolve("trace.txt")));
    List<String> found = new ArrayList<>();
    while (matcher.find()) {
      StringJoiner groups = new StringJoiner(" ");
      for (int i = 1; i <= matcher.groupCount(); i++) {
        groups.add(matcher.group(i));
      }
      found.add(groups.toString());
    }
    found.sort(null);
    return found;
  }
}
