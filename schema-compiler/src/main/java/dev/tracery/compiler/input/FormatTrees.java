package dev.tracery.compiler.input;

import dev.tracery.diagnostic.SourceLocation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Sorts an archive's files into trees of formats, and takes the topmost: a tracefs tree may hold
/// others (`instances/NAME/events`), whose formats are not the kernel's only or current ones.
final class FormatTrees {

  /// What a file is for.
  enum Role {
    /// `SYSTEM/EVENT/format` below a tree's root.
    FORMAT,
    /// `header_page` in a tree's root.
    HEADER_PAGE,
    /// `uname.txt` (of `uname -a`) beside the root or in it.
    UNAME,
    /// `version.txt` (of `/proc/version`) beside the root or in it.
    VERSION,
    /// Nothing that is read.
    NONE
  }

  private record Content(byte[] bytes, SourceLocation where) {}

  private record Format(String system, String event, Content content) {}

  private static final int MAX_OTHERS = 256;

  private final InputCollector out;
  private final TreeMap<String, List<Format>> formats = new TreeMap<>();
  private final Map<String, Content> others = new HashMap<>();

  FormatTrees(InputCollector out) {
    this.out = out;
  }

  static Role role(List<String> path) {
    if (path.isEmpty()) {
      return Role.NONE;
    }
    return switch (path.getLast()) {
      case "format" -> path.size() >= 3 ? Role.FORMAT : Role.NONE;
      case "header_page" -> Role.HEADER_PAGE;
      case "uname.txt" -> Role.UNAME;
      case "version.txt" -> Role.VERSION;
      default -> Role.NONE;
    };
  }

  /// @param path as [#role] looked at it
  void add(Role role, List<String> path, byte[] bytes, SourceLocation where) {
    Content content = new Content(bytes, where);
    int size = path.size();
    if (role == Role.FORMAT) {
      out.hold(bytes.length);
      formats
          .computeIfAbsent(String.join("/", path.subList(0, size - 3)), _ -> new ArrayList<>())
          .add(new Format(path.get(size - 3), path.get(size - 2), content));
    } else if (others.size() < MAX_OTHERS && bytes.length <= HeaderPage.MAX_BYTES) {
      others.putIfAbsent(String.join("/", path), content);
    }
  }

  /// Hands the topmost tree to the collector.
  void deliver() throws DamagedInput {
    int depth = formats.keySet().stream().mapToInt(FormatTrees::depth).min().orElse(0);
    List<String> roots = formats.keySet().stream().filter(root -> depth(root) == depth).toList();
    if (roots.isEmpty()) {
      return;
    }
    if (roots.size() > 1) {
      out.report(
          InputCode.TREE_AMBIGUOUS,
          out.at(0),
          "has formats in "
              + Printable.quote(roots.get(0))
              + " and in "
              + Printable.quote(roots.get(1))
              + (roots.size() > 2 ? " and in " + (roots.size() - 2) + " more folders" : ""),
          "make a tar of one kernel's events folder");
      return;
    }
    String root = roots.getFirst();
    for (Format format : formats.getOrDefault(root, List.of())) {
      out.add(format.system, format.event, format.content.bytes, format.content.where);
    }
    Content headerPage = others.get(child(root, "header_page"));
    if (headerPage != null) {
      HeaderPage.parse(headerPage.bytes).tell(out, headerPage.where);
    }
    Content uname = beside(root, "uname.txt");
    if (uname != null) {
      UnameText.tellUname(text(uname), out, uname.where);
    }
    Content version = beside(root, "version.txt");
    if (version != null) {
      UnameText.tellVersion(text(version), out, version.where);
    }
  }

  private @Nullable Content beside(String root, String file) {
    int slash = root.lastIndexOf('/');
    Content found = others.get(child(slash < 0 ? "" : root.substring(0, slash), file));
    return found == null ? others.get(child(root, file)) : found;
  }

  private static String text(Content content) {
    return new String(content.bytes, StandardCharsets.UTF_8);
  }

  private static String child(String folder, String name) {
    return folder.isEmpty() ? name : folder + "/" + name;
  }

  private static int depth(String root) {
    return root.isEmpty() ? 0 : (int) root.chars().filter(c -> c == '/').count() + 1;
  }
}
