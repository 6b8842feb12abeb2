package dev.tracery.cli.consumerfile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// A mapping whose keys are known. Notes keys that are not, and values of another kind.
final class YamlMap {

  private final YamlText text;
  private final @Nullable Mark mark;
  private final Map<String, Node> values = new LinkedHashMap<>();

  /// @param what for people: `a use`
  /// @param keys those that it may have
  YamlMap(YamlText text, Node node, String what, List<String> keys) {
    this.text = text;
    this.mark = node.getStartMark().orElse(null);
    if (!(node instanceof MappingNode mapping)) {
      wrongKind(node, what + ", which has keys such as " + keys.getFirst());
      return;
    }
    for (NodeTuple tuple : mapping.getValue()) {
      Mark at = tuple.getKeyNode().getStartMark().orElse(null);
      String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
      if (!keys.contains(key)) {
        text.add(
            "KEY_UNKNOWN",
            at,
            "expected a key of " + what + " but found " + shown(tuple.getKeyNode()),
            "the keys are " + String.join(", ", keys));
      } else if (values.putIfAbsent(key, tuple.getValueNode()) != null) {
        text.add("KEY_TWICE", at, "the key " + key + " is given twice", "");
      }
    }
  }

  @Nullable Mark mark() {
    return mark;
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  Optional<Node> node(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /// A text; empty if it is not there.
  String string(String key) {
    return node(key).map(this::string).orElse("");
  }

  /// Any scalar is text here: `version: 0.31` is no number.
  String string(Node node) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    wrongKind(node, "a text");
    return "";
  }

  boolean flag(String key) {
    return optionalFlag(key).orElse(false);
  }

  Optional<Boolean> optionalFlag(String key) {
    Node node = values.get(key);
    if (node == null) {
      return Optional.empty();
    }
    if (node instanceof ScalarNode scalar) {
      switch (scalar.getValue().toLowerCase(Locale.ROOT)) {
        case "true" -> {
          return Optional.of(true);
        }
        case "false" -> {
          return Optional.of(false);
        }
        default -> {}
      }
    }
    wrongKind(node, "true or false");
    return Optional.empty();
  }

  int number(String key) {
    Node node = values.get(key);
    if (node == null) {
      return 0;
    }
    if (node instanceof ScalarNode scalar) {
      try {
        int value = Integer.parseInt(scalar.getValue());
        if (value >= 0) {
          return value;
        }
      } catch (NumberFormatException _) {
        // Said below.
      }
    }
    wrongKind(node, "a whole number from 0");
    return 0;
  }

  /// The elements of a list; none if it is not there.
  List<Node> list(String key) {
    Node node = values.get(key);
    if (node == null) {
      return List.of();
    }
    if (node instanceof SequenceNode sequence) {
      return List.copyOf(sequence.getValue());
    }
    wrongKind(node, "a list");
    return List.of();
  }

  /// One text, or a list of them.
  List<Node> oneOrMore(String key) {
    return node(key).filter(ScalarNode.class::isInstance).map(List::of).orElseGet(() -> list(key));
  }

  void wrongKind(Node node, String expected) {
    text.add(
        "VALUE_KIND",
        node.getStartMark().orElse(null),
        "expected " + expected + " but found " + shown(node),
        "");
  }

  private static String shown(Node node) {
    return switch (node) {
      case ScalarNode scalar -> quoted(scalar.getValue());
      case SequenceNode _ -> "a list";
      case MappingNode _ -> "a mapping";
      default -> "something else";
    };
  }

  private static String quoted(String text) {
    List<String> out = new ArrayList<>();
    text.codePoints()
        .limit(60)
        .forEach(c ->
            out.add(
                Character.isISOControl(c) ? String.format("\\x%02x", c) : Character.toString(c)));
    return '"' + String.join("", out) + (text.length() > 60 ? "…" : "") + '"';
  }
}
