package dev.tracery.conformance;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;

/// A file of `clients/conformance`: protobuf's JSON, what fits into a line in one line.
final class VectorFile {

  private static final Path FOLDER = Path.of("..", "clients", "conformance");
  private static final int LINE = 140;

  private final Path path;

  VectorFile(String name) {
    path = FOLDER.resolve(name);
  }

  /// The text that is in it; empty if there is none.
  String text() {
    try {
      return Files.exists(path) ? Files.readString(path) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void write(String text) {
    try {
      Files.writeString(path, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads it into a message.
  void read(Message.Builder into) {
    try {
      JsonFormat.parser().merge(text(), into);
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(path.toString(), e);
    }
  }

  /// The text that stands for a message.
  static String text(Message message) {
    try {
      String flat = JsonFormat.printer().omittingInsignificantWhitespace().print(message);
      StringBuilder text = new StringBuilder();
      write(JsonParser.parseString(flat), "", "", text);
      return text.append('\n').toString();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  /// @param before what stands in front of it in its line, after the indentation
  private static void write(
      JsonElement element, String indentation, String before, StringBuilder text) {
    String flat = element.toString();
    int length = indentation.length() + before.length() + flat.length();
    if (element.isJsonPrimitive() || element.isJsonNull() || length <= LINE) {
      text.append(indentation).append(before).append(flat);
      return;
    }
    String deeper = indentation + " ";
    text.append(indentation).append(before);
    if (element.isJsonArray()) {
      text.append("[\n");
      for (Iterator<JsonElement> all = element.getAsJsonArray().iterator(); all.hasNext(); ) {
        write(all.next(), deeper, "", text);
        text.append(all.hasNext() ? ",\n" : "\n");
      }
      text.append(indentation).append(']');
      return;
    }
    text.append("{\n");
    var members = element.getAsJsonObject().entrySet().iterator();
    while (members.hasNext()) {
      Map.Entry<String, JsonElement> member = members.next();
      write(member.getValue(), deeper, "\"" + member.getKey() + "\":", text);
      text.append(members.hasNext() ? ",\n" : "\n");
    }
    text.append(indentation).append('}');
  }
}
