package dev.tracery.cli;

import dev.tracery.cli.TranslateCommand.Form;
import dev.tracery.cli.TranslateCommand.Wanted;
import dev.tracery.diagnostic.Severity;
import dev.tracery.render.line.LineStyle;
import dev.tracery.trace.RecordCursor;
import dev.tracery.trace.RecordFilter;
import dev.tracery.trace.Trace;
import dev.tracery.trace.TraceException;
import dev.tracery.trace.TraceLimits;
import dev.tracery.trace.TraceProblems;
import dev.tracery.trace.Traces;
import dev.tracery.translate.EventTypes;
import dev.tracery.translate.FreshSchemas;
import dev.tracery.translate.GeneratedTranslators;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Translates without a registry.
final class LocalTranslation {

  /// How many records are written between two looks at the clock.
  private static final int PROGRESS_RECORDS = 1 << 12;

  private final Console console;
  private final Wanted wanted;
  private final Form form;
  private final LineStyle style;
  private final Findings findings;
  private boolean pages;

  LocalTranslation(Console console, Wanted wanted, Form form, LineStyle style) {
    this.console = console;
    this.wanted = wanted;
    this.form = form;
    this.style = style;
    this.findings = new Findings(console);
  }

  /// @param formats where the formats of raw pages are; null if the trace has them
  /// @return the exit status
  int run(Path file, @Nullable Path formats) throws IOException {
    pages = Files.isDirectory(file);
    if (formats != null && Files.isRegularFile(file)) {
      throw CommandFailure.wrongUse(
          "--formats: "
              + file
              + " is a file, which has its own; only folders of raw pages need it");
    }
    try (Trace trace =
        formats == null
            ? Traces.open(file, TraceLimits.DEFAULT)
            : Traces.openPages(file, formats, TraceLimits.DEFAULT)) {
      return translate(trace);
    } catch (TraceException e) {
      throw CommandFailure.badInput(
          file
              + ": is no trace that can be read"
              + (pages && formats == null ? "; --formats names formats that are elsewhere" : ""),
          e.diagnostics());
    }
  }

  private int translate(Trace trace) throws IOException {
    EventTypes types =
        new EventTypes(trace.content(), new FreshSchemas(), new GeneratedTranslators());
    RecordOutput output =
        switch (form) {
          case text -> new TextOutput(trace.content(), types, style, console.out().bytes());
          case json -> new JsonOutput(trace.content(), types, console.out().bytes());
          case proto -> new ProtoOutput(trace.content(), types, console.out().bytes());
        };
    long records = 0;
    try (RecordCursor cursor = trace.records(filter(types));
        TraceProgress progress = new TraceProgress(console, trace.size())) {
      output.begin();
      while (cursor.advance()) {
        output.write(cursor);
        if ((++records & PROGRESS_RECORDS - 1) == 0) {
          progress.show(records, cursor.bytesRead());
        }
      }
      output.end(trace.problems());
    }
    console.out().flush();
    findings.add(types.diagnostics());
    output.notes().forEach(note -> console.err().println("tracery: " + Terms.printable(note)));
    if (output.unknown() > 0) {
      console
          .err()
          .println(
              "tracery: "
                  + Terms.count(output.unknown(), "record")
                  + " left out: their events have no format in the trace");
    }
    int status = tellDamage(trace.problems());
    return records > 0 ? status : Math.max(status, tellNothing(types, trace));
  }

  /// Why there is no record, as far as that can be known.
  private int tellNothing(EventTypes types, Trace trace) {
    if (!wanted.events().isEmpty() && types.ids(wanted).isEmpty()) {
      console
          .err()
          .println(
              "tracery: no event of the trace matches --event; a glob matches system/name, such as"
                  + " 'sched/*'");
    } else if (!wanted.isEverything()) {
      console.err().println("tracery: no record is left by --event, --cpu, --from and --to");
    } else if (trace.size() > 0 && trace.problems().found() == 0 && pages) {
      console
          .err()
          .println(
              "tracery: no records in "
                  + Terms.size(trace.size())
                  + " of pages; are these the formats of the kernel that wrote them?");
      return ExitStatus.WRONG_USE;
    }
    return ExitStatus.FINE;
  }

  private RecordFilter filter(EventTypes types) {
    BitSet ids = types.ids(wanted);
    return new RecordFilter(
        wanted.events().isEmpty() ? _ -> true : ids::get,
        wanted.cpus()::wants,
        wanted.from(),
        wanted.to());
  }

  private int tellDamage(TraceProblems problems) {
    findings.add(problems.diagnostics());
    boolean errors =
        problems.diagnostics().stream().anyMatch(found -> found.severity() == Severity.ERROR);
    if (!errors && problems.damagedBytes() == 0) {
      return ExitStatus.FINE;
    }
    long untold = problems.found() - problems.diagnostics().size();
    List<String> sum =
        List.of(
            Terms.count(problems.found(), "problem"),
            untold > 0 ? " (" + untold + " not shown)" : "",
            ": ",
            Terms.size(problems.damagedBytes()),
            " of records could not be read");
    console.err().println("tracery: " + String.join("", sum));
    return ExitStatus.WRONG_USE;
  }
}
