package dev.tracery.cli;

import com.google.protobuf.ByteString;
import dev.tracery.cli.TranslateCommand.Form;
import dev.tracery.cli.TranslateCommand.Wanted;
import dev.tracery.client.DiagnosticReader;
import dev.tracery.client.TraceryClient;
import dev.tracery.client.TraceryException;
import dev.tracery.client.TranslatedTrace;
import dev.tracery.render.TextBuffer;
import dev.tracery.translate.ItemJsonWriter;
import dev.tracery.v1.RawPagesSource;
import dev.tracery.v1.TraceEnd;
import dev.tracery.v1.TraceFileSource;
import dev.tracery.v1.TraceItem;
import dev.tracery.v1.TranslateStart;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Lets a registry translate.
final class RemoteTranslation {

  // Why so many: as much as may be sent at a time, so that the largest pages are whole, too.
  private static final int PAGES_BYTES = 1 << 20;

  // As large as none is, and as the registry takes.
  private static final int HEADER_BYTES = 4096;

  private final Console console;
  private final Wanted wanted;
  private final Form form;
  private final Findings findings;
  private final ItemJsonWriter json = new ItemJsonWriter();
  private final TextBuffer lines = new TextBuffer();
  private TraceEnd end = TraceEnd.getDefaultInstance();
  private boolean ended;

  RemoteTranslation(Console console, Wanted wanted, Form form) {
    this.console = console;
    this.wanted = wanted;
    this.form = form;
    this.findings = new Findings(console);
  }

  /// @param kernel whose raw pages they are; null for a file that has its own formats
  /// @return the exit status
  int run(TraceryClient client, Path file, @Nullable String kernel) throws IOException {
    TranslateStart.Builder start = TranslateStart.newBuilder();
    wanted.events().forEach(glob -> start.addEvents(glob.pattern()));
    wanted.cpus().cpus().stream().forEach(start::addCpus);
    if (wanted.from() != Long.MIN_VALUE) {
      start.setFromTime(wanted.from());
    }
    if (wanted.to() != Long.MAX_VALUE) {
      start.setToTime(wanted.to());
    }
    if (kernel == null) {
      start.setFile(TraceFileSource.newBuilder().setName(file.toString()));
      try (TranslatedTrace trace = client.translate(start.build())) {
        sendFile(trace, file);
        receive(trace);
      }
    } else {
      Map<Integer, Path> cpus = RawPageFolder.cpus(file);
      start.setRawPages(
          RawPagesSource.newBuilder().setKernel(kernel).setHeaderPage(headerPage(file)));
      try (TranslatedTrace trace = client.translate(start.build())) {
        AtomicReference<@Nullable IOException> unread = new AtomicReference<>();
        Thread sender = Thread.ofVirtual().start(() -> sendPages(trace, cpus, unread));
        try {
          receive(trace);
        } catch (TraceryException e) {
          IOException cause = unread.get();
          if (cause != null) {
            throw cause;
          }
          throw e;
        } finally {
          sender.interrupt();
        }
      }
    }
    return tellEnd();
  }

  private void sendFile(TranslatedTrace trace, Path file) throws IOException {
    long size = Files.size(file);
    try (InputStream in = Files.newInputStream(file);
        Progress progress = new Progress(console, "sent")) {
      trace.sendFile(progress.counting(in, size));
    }
  }

  /// What the folder says of its pages: a buffer's may be larger than the kernel's are by default.
  /// Empty if it says nothing.
  private static ByteString headerPage(Path folder) throws IOException {
    Path file = folder.resolve("events").resolve("header_page");
    if (!Files.isRegularFile(file)) {
      return ByteString.EMPTY;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return ByteString.copyFrom(in.readNBytes(HEADER_BYTES));
    }
  }

  private static void sendPages(
      TranslatedTrace trace,
      Map<Integer, Path> cpus,
      AtomicReference<@Nullable IOException> unread) {
    for (Map.Entry<Integer, Path> cpu : cpus.entrySet()) {
      try (InputStream in = Files.newInputStream(cpu.getValue())) {
        for (byte[] pages = in.readNBytes(PAGES_BYTES);
            pages.length > 0;
            pages = in.readNBytes(PAGES_BYTES)) {
          if (!trace.sendPages(cpu.getKey(), pages)) {
            return;
          }
        }
      } catch (IOException e) {
        // Why: the receiving thread sees the call end, and asks why.
        unread.set(e);
        trace.close();
        return;
      }
    }
    trace.end();
  }

  private void receive(TranslatedTrace trace) throws IOException {
    OutputStream out = console.out().bytes();
    long events = 0;
    long begin = System.nanoTime();
    try (Progress progress = new Progress(console, "translated")) {
      while (trace.hasNext()) {
        TraceItem item = trace.next();
        write(item, out);
        events += item.getEvents().getEventsCount();
        if (progress.isDue()) {
          double seconds = (System.nanoTime() - begin) / 1e9;
          progress.show(
              String.format(Locale.ROOT, "%,d events, %,.0f events/s", events, events / seconds));
        }
      }
    }
    lines.drainTo(out);
    console.out().flush();
  }

  private void write(TraceItem item, OutputStream out) throws IOException {
    if (form == Form.proto) {
      item.writeDelimitedTo(out);
    } else {
      json.write(item, lines);
      lines.drainBlockTo(out);
    }
    switch (item.getItemCase()) {
      case PROBLEM -> findings.add(List.of(DiagnosticReader.read(item.getProblem())));
      case END -> {
        end = item.getEnd();
        ended = true;
      }
      case START, SCHEMA, EVENTS, LOST, ITEM_NOT_SET -> {}
    }
  }

  private int tellEnd() {
    if (!ended) {
      throw CommandFailure.failed("the translated trace was cut: the registry did not end it");
    }
    if (end.getUnknownEvents() > 0) {
      console
          .err()
          .println(
              "tracery: "
                  + Terms.count(end.getUnknownEvents(), "record")
                  + " left out: their events have no format");
    }
    if (end.getDamagedBytes() > 0 || findings.hasErrors()) {
      console
          .err()
          .println(
              "tracery: " + Terms.size(end.getDamagedBytes()) + " of records could not be read");
      return ExitStatus.WRONG_USE;
    }
    return ExitStatus.FINE;
  }
}
