package dev.tracery.cli.consumerfile;

import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import dev.tracery.diagnostic.SourceLocation;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/// YAML to nodes, within bounds: no aliases, little depth, one document. Notes what is wrong.
final class YamlText {

  private static final int MAX_DEPTH = 16;

  private final String file;
  private final List<Diagnostic> problems;

  YamlText(String file, List<Diagnostic> problems) {
    this.file = file;
    this.problems = problems;
  }

  /// The root of the document; empty if there is a problem.
  Optional<Node> nodes(byte[] content) {
    if (content.length > ConsumerFile.MAX_BYTES) {
      add(
          "FILE_TOO_LARGE",
          null,
          "the file has more than " + ConsumerFile.MAX_BYTES + " bytes",
          "declare the tool in parts, as several tools");
      return Optional.empty();
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      add("YAML_SYNTAX", null, "expected UTF-8 but found other bytes", "");
      return Optional.empty();
    }
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setUseMarks(true)
            .setAllowDuplicateKeys(true)
            .setCodePointLimit(ConsumerFile.MAX_BYTES)
            .build();
    try {
      if (!isBounded(new Parse(settings).parseString(text))) {
        return Optional.empty();
      }
      Optional<Node> root = new Compose(settings).composeString(text);
      if (root.isEmpty()) {
        add("KEY_MISSING", null, "expected name, version and uses but found nothing", "");
      }
      return root;
    } catch (MarkedYamlEngineException e) {
      add("YAML_SYNTAX", e.getProblemMark().orElse(null), oneLine(e.getProblem()), "");
      return Optional.empty();
    } catch (YamlEngineException e) {
      add("YAML_SYNTAX", null, oneLine(String.valueOf(e.getMessage())), "");
      return Optional.empty();
    }
  }

  private boolean isBounded(Iterable<Event> events) {
    int depth = 0;
    int documents = 0;
    for (Event event : events) {
      Mark at = event.getStartMark().orElse(null);
      switch (event) {
        case AliasEvent _ -> {
          add("YAML_ALIAS", at, "aliases are not accepted", "write out what it stands for");
          return false;
        }
        case CollectionStartEvent _ -> {
          if (++depth > MAX_DEPTH) {
            add("YAML_DEPTH", at, "nested more than " + MAX_DEPTH + " deep", "");
            return false;
          }
        }
        case CollectionEndEvent _ -> depth--;
        case DocumentStartEvent _ -> {
          if (++documents > 1) {
            add("YAML_DOCUMENTS", at, "expected one document but found another", "one tool a file");
            return false;
          }
        }
        default -> {}
      }
    }
    return true;
  }

  /// Notes a problem.
  void add(String code, @Nullable Mark at, String message, String hint) {
    SourceLocation location =
        at == null
            ? SourceLocation.inText(file, 0, 0, 0)
            : SourceLocation.inText(file, at.getLine() + 1, at.getColumn() + 1, at.getIndex());
    problems.add(new Diagnostic(Severity.ERROR, code, location, message, hint));
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ").strip();
  }
}
