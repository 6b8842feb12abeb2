package dev.tracery.launcher;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which of the distribution's stores the registry's log is in. Each is a bundle, `store-NAME`, of
/// which only the chosen one is started.
///
/// @param name `sqlite`, `postgres`
record StoreChoice(String name) {

  /// Names the store: `sqlite`, or a URL whose scheme is the store's name. Empty is `sqlite`.
  static final String SETTING = "tracery.store.url";

  private static final String EMBEDDED = "sqlite";

  /// What PostgreSQL's own programs call it, too.
  private static final Map<String, String> OTHER_NAMES = Map.of("postgresql", "postgres");

  private static final Pattern URL = Pattern.compile("([a-z][a-z0-9]*)://.+");
  private static final Pattern BUNDLE = Pattern.compile("store-([a-z0-9]+)-[0-9].*\\.jar");

  /// Reads [#SETTING]. What it says is not repeated when it is wrong: somebody may have put a
  /// password into it.
  ///
  /// @param bundles of the distribution
  static StoreChoice of(Map<String, String> settings, List<Path> bundles) {
    String text = settings.getOrDefault(SETTING, "");
    if (text.isEmpty() || text.equals(EMBEDDED)) {
      return new StoreChoice(EMBEDDED);
    }
    Matcher url = URL.matcher(text);
    String scheme = url.matches() ? url.group(1) : "";
    String name = OTHER_NAMES.getOrDefault(scheme, scheme);
    List<String> here = bundles.stream().flatMap(StoreChoice::storeIn).sorted().toList();
    if (name.equals(EMBEDDED) || !here.contains(name)) {
      throw LaunchException.wrongUse(
          "the store is "
              + here.stream()
                  .map(store -> store.equals(EMBEDDED) ? store : store + "://...")
                  .collect(Collectors.joining(" or "))
              + (scheme.isEmpty()
                  ? ", and what was given is neither"
                  : ", and '" + scheme + "://...' is neither")
              + " (see tracery serve --help)");
    }
    return new StoreChoice(name);
  }

  /// Whether the log is a file in the data directory, which nobody else has.
  boolean isEmbedded() {
    return name.equals(EMBEDDED);
  }

  /// `bundles` without the stores that were not chosen.
  List<Path> select(List<Path> bundles) {
    return bundles.stream().filter(bundle -> storeIn(bundle).allMatch(name::equals)).toList();
  }

  private static Stream<String> storeIn(Path bundle) {
    return Optional.of(BUNDLE.matcher(bundle.getFileName().toString()))
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(1))
        .stream();
  }
}
