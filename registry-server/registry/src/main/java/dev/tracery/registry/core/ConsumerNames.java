package dev.tracery.registry.core;

import dev.tracery.registry.RegistryException;
import dev.tracery.registry.RegistryException.Code;
import dev.tracery.registry.claims.ToolVersion;
import dev.tracery.registry.index.Index;
import java.util.List;

/// Finds the tool, or the version of one, that a request names.
final class ConsumerNames {

  private ConsumerNames() {}

  /// The versions of this name in the order in which they appeared, at least one; all if `version`
  /// is empty.
  static List<ToolVersion> find(Index index, String name, String version, long revision) {
    List<ToolVersion> all = index.claims().versions(name, revision);
    if (all.isEmpty()) {
      throw new RegistryException(
          Code.NOT_FOUND,
          "consumer " + name,
          "no tool "
              + Texts.quoted(name)
              + " was declared or observed"
              + NearNames.hint(
                  name,
                  index.claims().names(revision),
                  "; `tracery consumers` lists those that are known"));
    }
    List<ToolVersion> found =
        version.isEmpty()
            ? all
            : all.stream().filter(tool -> tool.version().equals(version)).toList();
    if (found.isEmpty()) {
      throw new RegistryException(
          Code.NOT_FOUND,
          "consumer " + name + "/" + version,
          name
              + " has no version "
              + Texts.quoted(version)
              + NearNames.hint(version, all.stream().map(ToolVersion::version).toList(), ""));
    }
    return found;
  }
}
