package dev.tracery.registry.core;

import dev.tracery.compiler.lineage.SchemaField;
import dev.tracery.consumer.AccessClass;
import dev.tracery.consumer.Consumer;
import dev.tracery.consumer.EventUse;
import dev.tracery.consumer.FieldUse;
import dev.tracery.consumer.Requirement;
import dev.tracery.consumer.TextUse;
import dev.tracery.model.EventName;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.RegistryException.Code;
import dev.tracery.registry.index.EventEntry;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.index.SchemaCodec;
import dev.tracery.registry.policy.PatternSyntax;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Compares what a consumer names with what the registry has seen: a requirement of which nothing
/// is known is more likely a typing error than a need. Not thread-safe.
final class KnownNames {

  private static final int MAX_WARNINGS = 100;

  private final Index index;
  private final long revision;
  private final Map<EventName, Optional<Set<String>>> fields = new HashMap<>();

  private record Problem(String field, String message) {
    @Override
    public String toString() {
      return field + ": " + message;
    }
  }

  KnownNames(Index index, long revision) {
    this.index = index;
    this.revision = revision;
  }

  /// Refuses patterns that are none.
  static void checkPatterns(String path, Consumer consumer) {
    List<Problem> problems = new ArrayList<>();
    for (int i = 0; i < consumer.requirements().size(); i++) {
      List<EventUse> uses = consumer.requirements().get(i).anyOf();
      for (int j = 0; j < uses.size(); j++) {
        if (uses.get(j).text() instanceof TextUse.Pattern(String regex)) {
          String at = use(path, i, j) + ".text.pattern";
          PatternSyntax.problem(regex).ifPresent(message -> problems.add(new Problem(at, message)));
        }
      }
    }
    refuse(problems, "");
  }

  /// Refuses a requirement that no registered kernel could ever fulfil, unless that is allowed.
  ///
  /// @return what is odd but accepted
  List<String> check(Consumer consumer, boolean allowUnknown) {
    checkPatterns("consumer", consumer);
    List<Problem> errors = new ArrayList<>();
    List<Problem> warnings = new ArrayList<>();
    for (int i = 0; i < consumer.requirements().size(); i++) {
      Requirement requirement = consumer.requirements().get(i);
      List<Problem> ofUses = new ArrayList<>();
      boolean one = false;
      for (int j = 0; j < requirement.anyOf().size(); j++) {
        one |= check(use("consumer", i, j), requirement.anyOf().get(j), ofUses, warnings);
      }
      (one || requirement.optional() || allowUnknown ? warnings : errors).addAll(ofUses);
    }
    refuse(
        errors,
        "; correct it, or allow unknown events (`--allow-unknown`) where the kernels that have it are"
            + " still to be registered");
    return warnings.stream().map(Problem::toString).limit(MAX_WARNINGS).toList();
  }

  /// Whether all that a use requires is known.
  private boolean check(String at, EventUse use, List<Problem> problems, List<Problem> warnings) {
    EventName event = use.event();
    if (event == null) {
      return true;
    }
    Optional<Set<String>> known = fields.computeIfAbsent(event, this::fieldsOf);
    if (known.isEmpty()) {
      problems.add(new Problem(at + ".event", unknown(event)));
      return false;
    }
    if (use.access() != AccessClass.BY_NAME && use.access() != AccessClass.POSITIONAL) {
      // The others name bytes, members or nothing.
      return true;
    }
    boolean all = true;
    for (int i = 0; i < use.fields().size(); i++) {
      FieldUse field = use.fields().get(i);
      if (field.names().stream()
          .noneMatch(name -> name.startsWith("common_") || known.get().contains(name))) {
        Problem problem =
            new Problem(
                at + ".fields[" + i + "].names[0]",
                neverHad(event, field.names().getFirst(), known.get()));
        (field.optional() ? warnings : problems).add(problem);
        all &= field.optional();
      }
    }
    return all;
  }

  /// The names of the fields that any version of the event had.
  private Optional<Set<String>> fieldsOf(EventName event) {
    return index
        .event(event, revision)
        .map(entry -> {
          Set<String> names = new LinkedHashSet<>();
          entry.versions(revision).stream()
              .map(SchemaCodec::read)
              .forEach(schema -> {
                schema.fields().stream().map(SchemaField::name).forEach(names::add);
                schema.removed().stream().map(SchemaField::name).forEach(names::add);
              });
          return names;
        });
  }

  /// Why no kernel can have anything to do with an event; empty if one has it or had it.
  Optional<String> problem(EventName event) {
    return index.event(event, revision).isPresent()
        ? Optional.empty()
        : Optional.of(unknown(event));
  }

  /// Why no kernel can have anything to do with a field, or with the event if `field` is empty.
  Optional<String> problem(EventName event, String field) {
    Optional<Set<String>> known = fieldsOf(event);
    if (known.isEmpty()) {
      return Optional.of(unknown(event));
    }
    return field.isEmpty() || field.startsWith("common_") || known.get().contains(field)
        ? Optional.empty()
        : Optional.of(neverHad(event, field, known.get()));
  }

  private static String neverHad(EventName event, String field, Set<String> known) {
    return event + " never had a field " + Texts.quoted(field) + NearNames.hint(field, known, "");
  }

  private String unknown(EventName event) {
    if (index.head().kernels() == 0) {
      return "no kernel is registered, so nobody has " + event;
    }
    List<String> names =
        index.events().stream()
            .filter(other -> other.latest(revision).isPresent())
            .map(EventEntry::text)
            .toList();
    return "no registered kernel has the event " + event + NearNames.hint(event + "", names, "");
  }

  private static String use(String path, int requirement, int use) {
    return path + ".requirements[" + requirement + "].any_of[" + use + "]";
  }

  private static void refuse(List<Problem> problems, String hint) {
    if (!problems.isEmpty()) {
      Problem first = problems.getFirst();
      throw new RegistryException(
          Code.INVALID_ARGUMENT,
          first.field(),
          first + hint + (problems.size() == 1 ? "" : " (and " + (problems.size() - 1) + " more)"));
    }
  }
}
