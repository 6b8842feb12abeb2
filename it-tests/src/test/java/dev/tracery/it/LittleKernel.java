package dev.tracery.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A made-up kernel of two events, `bad/one` and `bad/two`, as a folder that the commands take.
///
/// @param release what `uname -r` would print
record LittleKernel(String release, Path folder) {

  /// Writes one in a new folder below `parent`.
  ///
  /// @param field what the field `pid` of `bad/one` is called
  static LittleKernel write(Path parent, String release, String field) throws IOException {
    Path folder = parent.resolve(release).resolve("events");
    for (String event : new String[] {"one", "two"}) {
      String text = new String(BadFormat.good(event), StandardCharsets.US_ASCII);
      Path format = folder.resolve("bad").resolve(event).resolve("format");
      Files.createDirectories(format.getParent());
      Files.writeString(
          format,
          event.equals("one")
              ? text.replace("pid_t pid", "pid_t " + field).replace("REC->pid", "REC->" + field)
              : text.replaceFirst("ID: \\d+", "ID: 322"));
    }
    return new LittleKernel(release, folder);
  }

  /// Runs a command on it, with all that a folder cannot tell.
  Outcome given(String command, String address, String... more) {
    List<String> arguments = new ArrayList<>();
    arguments.add(command);
    arguments.addAll(
        List.of(
            "--server",
            address,
            "--release=" + release,
            "--machine=x86_64",
            "--byte-order=little",
            "--word-size=64",
            "--page-size=4096"));
    arguments.addAll(List.of(more));
    arguments.add(folder.toString());
    return Outcome.of(arguments);
  }
}
