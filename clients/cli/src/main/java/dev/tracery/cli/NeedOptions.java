package dev.tracery.cli;

import dev.tracery.consumer.AccessClass;
import dev.tracery.consumer.Consumer;
import dev.tracery.consumer.ConsumerReader;
import dev.tracery.consumer.ConsumerWriter;
import dev.tracery.consumer.EventUse;
import dev.tracery.consumer.FieldUse;
import dev.tracery.consumer.Requirement;
import dev.tracery.consumer.TextUse;
import dev.tracery.model.EventName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// A tool and what it needs, by hand.
final class NeedOptions {

  /// The accesses that names of fields say enough about.
  private enum Access {
    BY_NAME,
    POSITIONAL,
    BTF_STRUCT,
    PRINT_TEXT
  }

  @Option(names = "--tool", paramLabel = "NAME/VERSION", description = "Who asks.")
  private @Nullable String tool;

  @Option(
      names = "--require",
      paramLabel = "EVENT[:FIELD,...]",
      description = "An event, and fields of it, without which the tool cannot run.")
  private List<String> required = new ArrayList<>();

  @Option(
      names = "--optional",
      paramLabel = "EVENT[:FIELD,...]",
      description = "An event, and fields of it, without which the tool does less.")
  private List<String> optional = new ArrayList<>();

  @Option(
      names = "--access",
      paramLabel = "CLASS",
      description =
          "How the tool reads: BY_NAME (default), POSITIONAL (all fields from the first on),"
              + " BTF_STRUCT, or PRINT_TEXT (the fields are the text's keys).")
  private Access access = Access.BY_NAME;

  @Option(
      names = "--pinned",
      paramLabel = "KERNEL",
      description = "The one kernel that the tool was built for: its release, build or id.")
  private @Nullable String pinned;

  /// Whether any of them was given.
  boolean given() {
    return tool != null || !required.isEmpty() || !optional.isEmpty() || pinned != null;
  }

  /// The tool.
  Consumer get() {
    if (tool == null) {
      throw CommandFailure.wrongUse("--tool NAME/VERSION says who asks");
    }
    int slash = tool.indexOf('/');
    if (slash < 0) {
      throw CommandFailure.wrongUse("--tool: expected NAME/VERSION but found \"" + tool + "\"");
    }
    List<Requirement> requirements = new ArrayList<>();
    if (pinned != null) {
      requirements.add(
          new Requirement(
              List.of(
                  new EventUse(
                      null,
                      AccessClass.PINNED_KERNEL,
                      List.of(),
                      false,
                      "",
                      null,
                      List.of(),
                      pinned,
                      null)),
              false));
    }
    required.forEach(
        text -> requirements.add(new Requirement(List.of(use("--require", text)), false)));
    optional.forEach(
        text -> requirements.add(new Requirement(List.of(use("--optional", text)), true)));
    if (requirements.isEmpty()) {
      throw CommandFailure.wrongUse("--require EVENT[:FIELD,...] says what the tool needs");
    }
    Consumer consumer =
        new Consumer(tool.substring(0, slash), tool.substring(slash + 1), "", requirements);
    ConsumerReader.read("tool", ConsumerWriter.write(consumer)).problems().stream()
        .findFirst()
        .ifPresent(problem -> {
          throw CommandFailure.wrongUse(problem.toString());
        });
    return consumer;
  }

  private EventUse use(String option, String text) {
    int slash = text.indexOf('/');
    int colon = text.indexOf(':', Math.max(0, slash));
    boolean hasFields = slash >= 0 && colon > 0;
    EventName event;
    try {
      event = EventName.parse(hasFields ? text.substring(0, colon) : text);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.wrongUse(option + ": " + e.getMessage());
    }
    List<String> names = hasFields ? List.of(text.substring(colon + 1).split(",", -1)) : List.of();
    if (names.contains("")) {
      throw CommandFailure.wrongUse(
          option + ": expected EVENT[:FIELD,...] but found \"" + text + "\"");
    }
    boolean isText = access == Access.PRINT_TEXT;
    return new EventUse(
        event,
        AccessClass.valueOf(access.name()),
        isText
            ? List.of()
            : names.stream()
                .map(name -> new FieldUse(List.of(name), false, false, 0, null, false))
                .toList(),
        false,
        access == Access.BTF_STRUCT ? "trace_event_raw_" + event.name() : "",
        isText ? names.isEmpty() ? new TextUse.Whole() : new TextUse.Keys(names) : null,
        List.of(),
        "",
        null);
  }
}
