package dev.tracery.trace;

import dev.tracery.diagnostic.SourceLocation;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds the files with raw pages of a folder.
final class RawPageFiles {

  private static final Pattern RAW = Pattern.compile("cpu(\\d{1,9})\\.raw(?:\\.zst|\\.gz)?");
  private static final Pattern FOLDER = Pattern.compile("cpu(\\d{1,9})");

  private RawPageFiles() {}

  /// The files by CPU: `cpuN.raw`, or if there is none `per_cpu/cpuN/trace_pipe_raw`.
  static SortedMap<Integer, Path> in(Path folder, int maxCpus) throws IOException {
    SortedMap<Integer, Path> files = new TreeMap<>();
    for (Path file : list(folder)) {
      Matcher name = RAW.matcher(file.getFileName().toString());
      if (name.matches() && Files.isRegularFile(file)) {
        files.put(Integer.valueOf(name.group(1)), file);
      }
    }
    Path cpus = folder.resolve("per_cpu");
    if (files.isEmpty() && Files.isDirectory(cpus)) {
      for (Path cpu : list(cpus)) {
        Matcher name = FOLDER.matcher(cpu.getFileName().toString());
        Path file = cpu.resolve("trace_pipe_raw");
        if (name.matches() && Files.isRegularFile(file)) {
          files.put(Integer.valueOf(name.group(1)), file);
        }
      }
    }
    if (files.size() > maxCpus) {
      throw new TraceException(
          List.of(
              TraceCode.TRACE_NOT_RECOGNISED.at(
                  SourceLocation.inBinary(folder.toString(), 0),
                  "has pages of " + files.size() + " CPUs; at most " + maxCpus + " are allowed",
                  "")));
    }
    return files;
  }

  private static List<Path> list(Path folder) throws IOException {
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      List<Path> files = new java.util.ArrayList<>();
      stream.forEach(files::add);
      return files;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }
}
