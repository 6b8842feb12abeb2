package dev.tracery.fault;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What happened in a run, in the order in which it ended: in memory, and one line of JSON each in
/// a file, where it is also after a run that broke off. Thread-safe.
final class History implements AutoCloseable {

  private final Gson gson = new Gson();
  private final long began = System.nanoTime();
  private final BufferedWriter file;
  private final List<Operation> operations = new ArrayList<>();
  private final List<Seen> seen = new ArrayList<>();
  private final List<Injected> faults = new ArrayList<>();
  private final List<String> surprises = new ArrayList<>();
  private final List<String> badAnswers = new ArrayList<>();

  History(Path file) throws IOException {
    this.file = Files.newBufferedWriter(file);
  }

  /// Milliseconds since this was made.
  long now() {
    return (System.nanoTime() - began) / 1_000_000;
  }

  synchronized void add(Operation operation) {
    operations.add(operation);
    write("operation", gson.toJsonTree(operation));
  }

  synchronized void add(Seen revision) {
    seen.add(revision);
    write("seen", gson.toJsonTree(revision));
  }

  synchronized void add(Injected fault) {
    faults.add(fault);
    write("fault", gson.toJsonTree(fault));
  }

  /// Something that must not happen and is no answer to a call.
  synchronized void surprise(String what) {
    surprises.add(what);
    write("surprise", gson.toJsonTree(what));
  }

  /// An answer that no server may give which has lost nothing.
  synchronized void badAnswer(String what) {
    badAnswers.add(what);
    write("bad answer", gson.toJsonTree(what));
  }

  synchronized List<Operation> operations() {
    return List.copyOf(operations);
  }

  synchronized List<Seen> seen() {
    return List.copyOf(seen);
  }

  synchronized List<Injected> faults() {
    return List.copyOf(faults);
  }

  synchronized List<String> surprises() {
    return List.copyOf(surprises);
  }

  synchronized List<String> badAnswers() {
    return List.copyOf(badAnswers);
  }

  private void write(String name, JsonElement content) {
    JsonObject line = new JsonObject();
    line.add(name, content);
    try {
      file.write(gson.toJson(line));
      file.newLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
