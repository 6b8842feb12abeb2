package dev.tracery.compiler.input;

import dev.tracery.diagnostic.SourceLocation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/// A tracefs tree in the file system: tracefs itself, or a copy. Links below the given folder are
/// not followed, so nothing can lead out or around.
final class TracefsReader {

  private final InputCollector out;

  TracefsReader(InputCollector out) {
    this.out = out;
  }

  /// A folder that holds `events`, or is one, or has one subfolder that holds one. Beside `events`
  /// or in it may lie `uname.txt` (of `uname -a`) and `version.txt` (of `/proc/version`).
  void read(Path folder) throws IOException {
    Path events = folder.resolve("events");
    if (isFolder(events)) {
      readTree(events, folder);
      return;
    }
    List<Path> inner = new ArrayList<>();
    boolean hasTree = isFile(folder.resolve("header_page"));
    for (Path child : children(folder)) {
      if (isFolder(child)) {
        if (isFolder(child.resolve("events"))) {
          inner.add(child);
        }
        hasTree = hasTree || hasFormats(child);
      }
    }
    if (hasTree) {
      Path parent = folder.toAbsolutePath().getParent();
      readTree(folder, parent == null ? folder : parent);
    } else if (inner.size() == 1) {
      readTree(inner.getFirst().resolve("events"), inner.getFirst());
    } else if (inner.isEmpty()) {
      out.report(
          InputCode.INPUT_NOT_RECOGNISED,
          at(folder),
          "expected a folder events with SYSTEM/EVENT/format files, but there is none in it",
          "on a running system give /sys/kernel/tracing, as root");
    } else {
      out.report(
          InputCode.TREE_AMBIGUOUS,
          at(folder),
          "has events folders in "
              + Printable.quote(inner.get(0).getFileName().toString())
              + " and in "
              + Printable.quote(inner.get(1).getFileName().toString()),
          "give one of them");
    }
  }

  /// @param beside where the metadata files may lie
  private void readTree(Path events, Path beside) throws IOException {
    for (Path system : children(events)) {
      if (Files.isSymbolicLink(system)) {
        refuseLink(system);
      } else if (isFolder(system)) {
        readSystem(system);
      }
    }
    Path headerPage = events.resolve("header_page");
    if (isFile(headerPage)) {
      try {
        HeaderPage.parse(content(headerPage, HeaderPage.MAX_BYTES)).tell(out, at(headerPage));
      } catch (DamagedInput damage) {
        throw damage;
      } catch (IOException e) {
        out.failed(InputCode.ENTRY_UNREADABLE, at(headerPage), e);
      }
    }
    for (Path folder : List.of(beside, events)) {
      Path uname = folder.resolve("uname.txt");
      if (isFile(uname)) {
        UnameText.tellUname(text(uname), out, at(uname));
      }
      Path version = folder.resolve("version.txt");
      if (isFile(version)) {
        UnameText.tellVersion(text(version), out, at(version));
      }
    }
  }

  private void readSystem(Path system) throws DamagedInput {
    List<Path> events;
    try {
      events = children(system);
    } catch (DamagedInput damage) {
      throw damage;
    } catch (IOException e) {
      out.failed(InputCode.ENTRY_UNREADABLE, at(system), e);
      return;
    }
    for (Path event : events) {
      if (Files.isSymbolicLink(event)) {
        refuseLink(event);
      } else if (isFolder(event)) {
        Path format = event.resolve("format");
        try {
          readFormat(system, event, format);
        } catch (DamagedInput damage) {
          throw damage;
        } catch (IOException e) {
          out.failed(InputCode.ENTRY_UNREADABLE, at(format), e);
        }
      }
    }
  }

  private void readFormat(Path system, Path event, Path format) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(format, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (attributes.isSymbolicLink()) {
      refuseLink(format);
    } else if (!attributes.isRegularFile()) {
      out.report(InputCode.ENTRY_TYPE_UNSUPPORTED, at(format), "expected a plain file", "");
    } else {
      byte[] text = content(format, out.limits().maxFormatBytes());
      if (out.admits("the format", text.length, at(format))) {
        out.hold(text.length);
        out.add(name(system), name(event), text, at(format));
      }
    }
  }

  /// At most one byte more than `max`. Reads until nothing comes: a tracefs file has no size, and
  /// one read of it gives a page at most.
  private static byte[] content(Path file, int max) throws IOException {
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return in.readNBytes(max + 1);
    }
  }

  private String text(Path file) throws DamagedInput {
    try {
      return new String(content(file, UnameText.MAX_BYTES), StandardCharsets.UTF_8);
    } catch (IOException e) {
      out.failed(InputCode.ENTRY_UNREADABLE, at(file), e);
      return "";
    }
  }

  private List<Path> children(Path folder) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      for (Path child : stream) {
        if (children.size() == out.limits().maxEntries()) {
          throw new DamagedInput(
              InputCode.ENTRIES_TOO_MANY,
              at(folder),
              "more than " + out.limits().maxEntries() + " entries in one folder",
              "");
        }
        children.add(child);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    children.sort(null);
    return children;
  }

  private boolean hasFormats(Path system) throws DamagedInput {
    try {
      for (Path event : children(system)) {
        if (isFile(event.resolve("format"))) {
          return true;
        }
      }
    } catch (DamagedInput damage) {
      throw damage;
    } catch (NotDirectoryException _) {
      return false;
    } catch (IOException e) {
      out.failed(InputCode.ENTRY_UNREADABLE, at(system), e);
    }
    return false;
  }

  private void refuseLink(Path link) throws DamagedInput {
    out.report(
        InputCode.ENTRY_IS_LINK,
        at(link),
        "is a symbolic link; links are not followed",
        "copy the tree with cp -rL");
  }

  private static SourceLocation at(Path path) {
    return SourceLocation.inBinary(Printable.escape(path.toString()), 0);
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  private static boolean isFolder(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean isFile(Path path) {
    return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
  }
}
