package dev.tracery.bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one benchmark found.
///
/// @param name the benchmark
/// @param title what it measures, in a line
/// @param setting how it was set up: what one needs to know to read the figures
/// @param rows the figures
/// @param samples every single measurement, by what was measured
public record Report(
    String name,
    String title,
    List<String> setting,
    List<Row> rows,
    Map<String, List<Double>> samples) {

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private record Dated(String time, Machine machine, Report report) {}

  /// Writes `NAME.json` into `folder`.
  public void write(Path folder, String time, Machine machine) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve(name + ".json"), GSON.toJson(new Dated(time, machine, this)) + "\n");
  }

  /// A section of the summary, in Markdown.
  public String markdown() {
    StringBuilder out = new StringBuilder();
    out.append("## ").append(title).append("\n\n");
    setting.forEach(line -> out.append("- ").append(line).append('\n'));
    out.append("\n| | Tracery | peer | ratio | target | |\n|---|--:|--:|--:|---|---|\n");
    for (Row row : rows) {
      out.append("| ").append(row.what()).append(" | ").append(Row.number(row.value()));
      out.append(' ').append(row.unit()).append(" | ").append(peer(row, row.peer()));
      out.append(" | ").append(target(row.target())).append(" |\n");
    }
    return out.append('\n').toString();
  }

  private static String peer(Row row, Row.@Nullable Peer peer) {
    return peer == null
        ? " | "
        : "%s: %s %s | %.2f"
            .formatted(peer.name(), Row.number(peer.value()), row.unit(), peer.ratio());
  }

  private static String target(Row.@Nullable Target target) {
    return target == null ? " | " : target.text() + " | " + (target.met() ? "met" : "**missed**");
  }
}
