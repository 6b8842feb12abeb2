package dev.tracery.compiler.input;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A tar of a tracefs tree, or of its `events` folder. What a tree has besides formats is skipped.
final class TarReader {

  // Why: Linux's PATH_MAX. Paths of formats are held until the archive has been read.
  private static final int MAX_PATH = 4096;

  private final InputCollector out;
  private final FormatTrees trees;

  TarReader(InputCollector out) {
    this.out = out;
    this.trees = new FormatTrees(out);
  }

  /// Reads to the end of the stream.
  ///
  /// @param name the archive, as diagnostics are to name it
  void read(InputStream in, String name) throws IOException {
    TarEntries entries = new TarEntries(in, name, out.limits());
    try {
      for (Optional<TarEntry> entry = entries.next(); entry.isPresent(); entry = entries.next()) {
        read(entry.get(), entries);
      }
      if (entries.hasDataAfterEnd()) {
        out.report(
            InputCode.TAR_DATA_AFTER_END,
            entries.here(),
            "there is data after the end of the tar; it was not read",
            "tars that were appended to each other must be unpacked and packed again");
      }
    } catch (DamagedInput damage) {
      out.end(damage);
    }
    trees.deliver();
  }

  private void read(TarEntry entry, TarEntries entries) throws IOException {
    if (entry.path().length() > MAX_PATH) {
      out.report(
          InputCode.VALUE_INVALID,
          entry.where(),
          "the path "
              + Printable.quote(entry.path())
              + " has "
              + entry.path().length()
              + " characters; at most "
              + MAX_PATH
              + " are allowed",
          "");
      return;
    }
    List<String> path = new ArrayList<>();
    boolean safe = !entry.path().startsWith("/");
    for (String part : entry.path().split("/", -1)) {
      safe &= !part.equals("..");
      if (!part.isEmpty() && !part.equals(".")) {
        path.add(part);
      }
    }
    if (!safe) {
      out.report(
          InputCode.ENTRY_PATH_UNSAFE,
          entry.where(),
          "the path " + Printable.quote(entry.path()) + " is absolute or leads out of the archive",
          "make the tar with paths below one folder");
      return;
    }
    FormatTrees.Role role = FormatTrees.role(path);
    if (role == FormatTrees.Role.NONE) {
      // Why: a link may stand for a folder of formats anywhere below events.
      if (entry.kind() == TarEntry.Kind.LINK && path.contains("events")) {
        refuseLink(entry);
      }
      return;
    }
    switch (entry.kind()) {
      case DIRECTORY -> {}
      case LINK -> refuseLink(entry);
      case OTHER ->
          out.report(
              InputCode.ENTRY_TYPE_UNSUPPORTED,
              entry.where(),
              Printable.quote(entry.path()) + " is not a plain file",
              "make the tar without --sparse and without special files");
      case FILE -> {
        if (role == FormatTrees.Role.FORMAT
            ? out.admits(Printable.quote(entry.path()), entry.size(), entry.where())
            : entry.size() <= HeaderPage.MAX_BYTES) {
          trees.add(role, path, entries.content(), entry.where());
        }
      }
    }
  }

  private void refuseLink(TarEntry entry) throws DamagedInput {
    out.report(
        InputCode.ENTRY_IS_LINK,
        entry.where(),
        Printable.quote(entry.path()) + " is a link; links are not followed",
        "make the tar with --dereference and --hard-dereference");
  }
}
