package dev.tracery.consumer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads a consumer from the wire, with everything that the comments of `consumer.proto` ask for.
///
/// Whether a regular expression is one is not checked here: its syntax is RE2's, which the registry
/// has.
public final class ConsumerReader {

  /// The longest name or version of a tool, in characters.
  public static final int MAX_NAME_LENGTH = 100;

  /// The longest source, in characters.
  public static final int MAX_SOURCE_LENGTH = 1_000;

  /// How many requirements a consumer may have.
  public static final int MAX_REQUIREMENTS = 1_000;

  /// How many alternatives a requirement or a field may have.
  public static final int MAX_ALTERNATIVES = 16;

  private ConsumerReader() {}

  /// Reads `wire`, which stands at `path` of its request: `consumer`, `tool`.
  public static Result read(String path, dev.tracery.v1.Consumer wire) {
    Problems problems = new Problems();
    Consumer consumer = read(path, wire, problems);
    if (problems.isEmpty()) {
      ContradictionFinder.find(path, consumer, problems);
    }
    return new Result(
        problems.isEmpty() ? Optional.of(consumer) : Optional.empty(),
        problems.kept(),
        problems.count());
  }

  /// Reads what the registry has stored, where a tool that was seen with several lists of
  /// requirements has all of them.
  ///
  /// @throws IllegalArgumentException if it is no consumer
  public static Consumer readStored(dev.tracery.v1.Consumer wire) {
    Problems problems = new Problems();
    Consumer consumer = read("consumer", wire, problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(problems.kept().getFirst().toString());
    }
    return consumer;
  }

  /// What is wrong with this name of a tool, if anything.
  public static Optional<String> problemOfName(String name) {
    Problems problems = new Problems();
    checkToolName("name", name, problems);
    return problems.kept().stream().findFirst().map(Problem::message);
  }

  /// What is wrong with this version of a tool, if anything.
  public static Optional<String> problemOfVersion(String version) {
    Problems problems = new Problems();
    checkVersion("version", version, problems);
    return problems.kept().stream().findFirst().map(Problem::message);
  }

  private static Consumer read(String path, dev.tracery.v1.Consumer wire, Problems problems) {
    checkToolName(path + ".name", wire.getName(), problems);
    checkVersion(path + ".version", wire.getVersion(), problems);
    problems.checkText(path + ".source", wire.getSource(), MAX_SOURCE_LENGTH);
    String requirementsPath = path + ".requirements";
    if (wire.getRequirementsCount() == 0) {
      problems.add(requirementsPath, "expected what the tool needs but found nothing");
    }
    int count = problems.bounded(requirementsPath, wire.getRequirementsCount(), MAX_REQUIREMENTS);
    List<Requirement> requirements = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      requirements.add(read(requirementsPath + "[" + i + "]", wire.getRequirements(i), problems));
    }
    return new Consumer(wire.getName(), wire.getVersion(), wire.getSource(), requirements);
  }

  private static void checkToolName(String field, String name, Problems problems) {
    problems.checkName(field, "a tool's name", name, MAX_NAME_LENGTH);
    for (char c : new char[] {'/', '*', '?'}) {
      if (name.indexOf(c) >= 0) {
        problems.add(field, "cannot contain " + c + ", which commands give a meaning");
      }
    }
  }

  private static void checkVersion(String field, String version, Problems problems) {
    problems.checkName(field, "the tool's version", version, MAX_NAME_LENGTH);
    if (version.equals("*")) {
      problems.add(field, "cannot be *, which stands for every version");
    }
  }

  private static Requirement read(String path, dev.tracery.v1.Requirement wire, Problems problems) {
    String usesPath = path + ".any_of";
    if (wire.getAnyOfCount() == 0) {
      problems.add(usesPath, "expected how an event is used but found nothing");
    }
    int count = problems.bounded(usesPath, wire.getAnyOfCount(), MAX_ALTERNATIVES);
    List<EventUse> uses = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      uses.add(EventUseReader.read(usesPath + "[" + i + "]", wire.getAnyOf(i), problems));
    }
    return new Requirement(uses, wire.getOptional());
  }

  /// One thing that is wrong.
  ///
  /// @param field the path from the request:
  ///   `consumer.requirements[2].any_of[0].fields[1].names[0]`
  /// @param message what is expected and what was found
  public record Problem(String field, String message) {
    @Override
    public String toString() {
      return field + ": " + message;
    }
  }

  /// What was read.
  ///
  /// @param consumer empty if there are problems
  /// @param problems the first 100
  /// @param problemCount how many there are in all
  public record Result(Optional<Consumer> consumer, List<Problem> problems, int problemCount) {}
}
