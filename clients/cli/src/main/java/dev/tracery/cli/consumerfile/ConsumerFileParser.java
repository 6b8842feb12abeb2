package dev.tracery.cli.consumerfile;

import com.google.protobuf.ByteString;
import dev.tracery.consumer.ConsumerReader;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.v1.AccessClass;
import dev.tracery.v1.Consumer;
import dev.tracery.v1.EventUse;
import dev.tracery.v1.FieldPlace;
import dev.tracery.v1.FieldUse;
import dev.tracery.v1.Parameter;
import dev.tracery.v1.ParameterList;
import dev.tracery.v1.Requirement;
import dev.tracery.v1.TextKeys;
import dev.tracery.v1.TextUse;
import dev.tracery.v1.WholeText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/// YAML to a consumer. Remembers where each part of the message stands in the file, so that what
/// [ConsumerReader] finds wrong has a line, too. Used once.
final class ConsumerFileParser {

  private static final List<String> TOOL = List.of("name", "version", "source", "uses");
  private static final List<String> USE =
      List.of(
          "event",
          "access",
          "fields",
          "exact-count",
          "struct",
          "pattern",
          "keys",
          "whole-text",
          "parameters",
          "kernel",
          "reference-layout");
  private static final List<String> REQUIREMENT =
      Stream.concat(USE.stream(), Stream.of("optional", "any-of")).toList();
  private static final List<String> FIELD =
      List.of(
          "name", "optional", "values", "occurrence", "offset", "size", "signed", "name-matters");
  private static final List<String> PARAMETER = List.of("type", "name");

  private static final Map<String, AccessClass> ACCESS =
      Stream.of(AccessClass.values())
          .filter(access ->
              access != AccessClass.UNRECOGNIZED && access != AccessClass.ACCESS_CLASS_UNSPECIFIED)
          .collect(
              Collectors.toMap(
                  access -> access.name().substring("ACCESS_CLASS_".length()), access -> access));

  private final List<Diagnostic> problems = new ArrayList<>();
  private final Map<String, Mark> marks = new HashMap<>();
  private final YamlText text;

  ConsumerFileParser(String file) {
    this.text = new YamlText(file, problems);
  }

  ConsumerFile parse(byte[] content) {
    Optional<Node> root = text.nodes(content);
    if (root.isEmpty()) {
      return new ConsumerFile(Optional.empty(), problems);
    }
    Consumer consumer = tool(root.get());
    if (problems.isEmpty()) {
      ConsumerReader.Result read = ConsumerReader.read("consumer", consumer);
      for (ConsumerReader.Problem problem : read.problems()) {
        text.add("VALUE_INVALID", mark(problem.field()), message(problem), "");
      }
    }
    return new ConsumerFile(
        problems.isEmpty() ? Optional.of(consumer) : Optional.empty(), problems);
  }

  private Consumer tool(Node node) {
    YamlMap map = new YamlMap(text, node, "a tool", TOOL);
    mark("consumer", node);
    map.node("name").ifPresent(name -> mark("consumer.name", name));
    map.node("version").ifPresent(version -> mark("consumer.version", version));
    map.node("source").ifPresent(source -> mark("consumer.source", source));
    map.node("uses").ifPresent(uses -> mark("consumer.requirements", uses));
    Consumer.Builder consumer =
        Consumer.newBuilder()
            .setName(map.string("name"))
            .setVersion(map.string("version"))
            .setSource(map.string("source"));
    List<Node> uses = map.list("uses");
    for (int i = 0; i < uses.size(); i++) {
      consumer.addRequirements(requirement("consumer.requirements[" + i + "]", uses.get(i)));
    }
    return consumer.build();
  }

  private Requirement requirement(String path, Node node) {
    YamlMap map = new YamlMap(text, node, "a use", REQUIREMENT);
    mark(path, node);
    Requirement.Builder requirement = Requirement.newBuilder().setOptional(map.flag("optional"));
    if (!map.has("any-of")) {
      return requirement.addAnyOf(use(path + ".any_of[0]", node, map)).build();
    }
    for (String key : USE) {
      map.node(key)
          .ifPresent(value ->
              text.add(
                  "KEY_UNKNOWN",
                  value.getStartMark().orElse(null),
                  "beside any-of there is optional only, and not " + key,
                  "write it into each of the alternatives"));
    }
    map.node("any-of").ifPresent(uses -> mark(path + ".any_of", uses));
    List<Node> uses = map.list("any-of");
    for (int i = 0; i < uses.size(); i++) {
      String usePath = path + ".any_of[" + i + "]";
      requirement.addAnyOf(
          use(usePath, uses.get(i), new YamlMap(text, uses.get(i), "an alternative", USE)));
    }
    return requirement.build();
  }

  private EventUse use(String path, Node node, YamlMap map) {
    mark(path, node);
    for (Map.Entry<String, String> entry :
        Map.of(
                "event", "event",
                "access", "access",
                "fields", "fields",
                "exact-count", "exact_count",
                "struct", "struct_name",
                "pattern", "text.pattern",
                "keys", "text.keys.keys",
                "parameters", "parameters",
                "kernel", "kernel",
                "reference-layout", "reference_layout")
            .entrySet()) {
      map.node(entry.getKey()).ifPresent(value -> mark(path + "." + entry.getValue(), value));
    }
    EventUse.Builder use =
        EventUse.newBuilder()
            .setEvent(map.string("event"))
            .setAccess(access(map))
            .setExactCount(map.flag("exact-count"))
            .setStructName(map.string("struct"))
            .setKernel(map.string("kernel"));
    List<Node> fields = map.list("fields");
    for (int i = 0; i < fields.size(); i++) {
      use.addFields(field(path + ".fields[" + i + "]", fields.get(i)));
    }
    text(map, use);
    if (map.has("parameters")) {
      ParameterList.Builder parameters = ParameterList.newBuilder();
      List<Node> listed = map.list("parameters");
      for (int i = 0; i < listed.size(); i++) {
        mark(path + ".parameters.parameters[" + i + "]", listed.get(i));
        parameters.addParameters(parameter(listed.get(i)));
      }
      use.setParameters(parameters);
    }
    map.node("reference-layout").ifPresent(hash -> use.setReferenceLayout(hash(map, hash)));
    return use.build();
  }

  private AccessClass access(YamlMap map) {
    if (!map.has("access")) {
      text.add(
          "KEY_MISSING",
          map.mark(),
          "expected how the event is read but found no key access",
          "one of " + accessNames());
      return AccessClass.ACCESS_CLASS_UNSPECIFIED;
    }
    AccessClass access = ACCESS.get(map.string("access"));
    if (access == null) {
      map.wrongKind(map.node("access").orElseThrow(), "one of " + accessNames());
      return AccessClass.ACCESS_CLASS_UNSPECIFIED;
    }
    return access;
  }

  private void text(YamlMap map, EventUse.Builder use) {
    List<String> given = Stream.of("pattern", "keys", "whole-text").filter(map::has).toList();
    if (given.size() > 1) {
      text.add(
          "KEY_UNKNOWN",
          map.mark(),
          "expected one of pattern, keys and whole-text but found " + String.join(" and ", given),
          "");
      return;
    }
    if (map.has("pattern")) {
      use.setText(TextUse.newBuilder().setPattern(map.string("pattern")));
    } else if (map.has("keys")) {
      TextKeys.Builder keys = TextKeys.newBuilder();
      map.oneOrMore("keys").forEach(key -> keys.addKeys(map.string(key)));
      use.setText(TextUse.newBuilder().setKeys(keys));
    } else if (map.flag("whole-text")) {
      use.setText(TextUse.newBuilder().setWhole(WholeText.getDefaultInstance()));
    }
  }

  private FieldUse field(String path, Node node) {
    mark(path, node);
    if (node instanceof ScalarNode name) {
      return FieldUse.newBuilder().addNames(name.getValue()).build();
    }
    YamlMap map = new YamlMap(text, node, "a field", FIELD);
    FieldUse.Builder field =
        FieldUse.newBuilder()
            .setOptional(map.flag("optional"))
            .setInterpretsValues(map.flag("values"))
            .setOccurrence(map.number("occurrence"))
            .setNameMatters(map.flag("name-matters"));
    List<Node> names = map.oneOrMore("name");
    for (int i = 0; i < names.size(); i++) {
      mark(path + ".names[" + i + "]", names.get(i));
      field.addNames(map.string(names.get(i)));
    }
    if (map.has("offset") || map.has("size") || map.has("signed")) {
      map.node("offset").ifPresent(offset -> mark(path + ".place.offset", offset));
      map.node("size").ifPresent(size -> mark(path + ".place.size", size));
      FieldPlace.Builder place =
          FieldPlace.newBuilder().setOffset(map.number("offset")).setSize(map.number("size"));
      map.optionalFlag("signed").ifPresent(place::setSigned);
      field.setPlace(place);
    }
    return field.build();
  }

  private Parameter parameter(Node node) {
    if (node instanceof ScalarNode type) {
      return Parameter.newBuilder().setType(type.getValue()).build();
    }
    YamlMap map = new YamlMap(text, node, "a parameter", PARAMETER);
    return Parameter.newBuilder().setType(map.string("type")).setName(map.string("name")).build();
  }

  private static ByteString hash(YamlMap map, Node node) {
    try {
      return ByteString.copyFrom(HexFormat.of().parseHex(map.string(node)));
    } catch (IllegalArgumentException e) {
      map.wrongKind(node, "64 hexadecimal digits");
      return ByteString.EMPTY;
    }
  }

  private void mark(String path, Node node) {
    node.getStartMark().ifPresent(mark -> marks.put(path, mark));
  }

  /// Where the nearest part stands that is in the file.
  private @Nullable Mark mark(String path) {
    for (String at = path; !at.isEmpty(); ) {
      Mark mark = marks.get(at);
      if (mark != null) {
        return mark;
      }
      int cut = Math.max(at.lastIndexOf('.'), at.lastIndexOf('['));
      at = cut < 0 ? "" : at.substring(0, cut);
    }
    return null;
  }

  /// The problem, with what part it is of in the words of the file.
  private static String message(ConsumerReader.Problem problem) {
    String last = problem.field().substring(problem.field().lastIndexOf('.') + 1);
    String word =
        switch (last.replaceAll("\\[\\d+]", "")) {
          case "requirements" -> "uses";
          case "any_of" -> "any-of";
          case "exact_count" -> "exact-count";
          case "struct_name" -> "struct";
          case "reference_layout" -> "reference-layout";
          case "name_matters" -> "name-matters";
          case "names" -> "name";
          case "place" -> "offset and size";
          case "text" -> "pattern, keys or whole-text";
          default -> last.replaceAll("\\[\\d+]", "");
        };
    return word + ": " + problem.message();
  }

  private static String accessNames() {
    return ACCESS.values().stream()
        .sorted()
        .map(access -> access.name().substring("ACCESS_CLASS_".length()))
        .collect(Collectors.joining(", "));
  }
}
