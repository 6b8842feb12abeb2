package dev.tracery.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Folders like tracefs' `events`, written for one test.
final class Formats {

  /// What a 64-bit kernel with pages of 4 KiB prints.
  private static final String HEADER_PAGE =
      """
      	field: u64 timestamp;	offset:0;	size:8;	signed:0;
      	field: local_t commit;	offset:8;	size:8;	signed:1;
      	field: int overwrite;	offset:8;	size:1;	signed:1;
      	field: char data;	offset:16;	size:4080;	signed:1;
      """;

  private static final String COMMON =
      """
      	field:unsigned short common_type;	offset:0;	size:2;	signed:0;
      	field:unsigned char common_flags;	offset:2;	size:1;	signed:0;
      	field:unsigned char common_preempt_count;	offset:3;	size:1;	signed:0;
      	field:int common_pid;	offset:4;	size:4;	signed:1;

      """;

  private final Path events;

  private Formats(Path events) {
    this.events = events;
  }

  /// An `events` folder that has nothing but `header_page`.
  static Formats in(Path folder) {
    Formats formats = new Formats(folder.resolve("events"));
    formats.file("header_page", HEADER_PAGE.getBytes(StandardCharsets.UTF_8));
    return formats;
  }

  Path folder() {
    return events;
  }

  /// Adds an event with these field lines, `char a;8;1;1` each.
  Formats event(String event, int id, String... fields) {
    return format(event, text(event.substring(event.indexOf('/') + 1), id, fields));
  }

  Formats format(String event, String text) {
    return file(event + "/format", text.getBytes(StandardCharsets.UTF_8));
  }

  Formats file(String name, byte[] content) {
    try {
      Path file = events.resolve(name);
      Path parent = file.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.write(file, content);
      return this;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  static String text(String name, int id, String... fields) {
    StringBuilder text = new StringBuilder();
    text.append("name: ").append(name).append("\nID: ").append(id).append("\nformat:\n");
    text.append(COMMON);
    for (String field : fields) {
      String[] columns = field.split(";", -1);
      text.append("\tfield:").append(columns[0]);
      text.append(";\toffset:").append(columns[1]);
      text.append(";\tsize:").append(columns[2]);
      text.append(";\tsigned:").append(columns[3]).append(";\n");
    }
    return text.append("\nprint fmt: \"\"\n").toString();
  }
}
