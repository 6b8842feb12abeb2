package dev.tracery.registry.core;

import dev.tracery.registry.RegistryException;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.index.KernelEntry;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// Finds the kernel that a request names: by id, by a prefix of it, or by release.
final class KernelNames {

  private static final int MIN_PREFIX = 4;
  private static final int ID_LENGTH = 16;
  private static final int MAX_CANDIDATES = 10;

  private KernelNames() {}

  /// The kernel of this name at `revision`.
  ///
  /// @param field the request's field, for the refusal
  static KernelEntry resolve(Index index, String field, String name, long revision) {
    if (name.isEmpty()) {
      throw new RegistryException(
          RegistryException.Code.INVALID_ARGUMENT,
          field,
          field + ": expected a kernel's id or release but found nothing");
    }
    Set<KernelEntry> candidates = new LinkedHashSet<>();
    if (isHex(name) && name.length() >= MIN_PREFIX && name.length() <= ID_LENGTH) {
      String prefix = name.toLowerCase(Locale.ROOT);
      var exact = index.kernelById(prefix, revision);
      if (exact.isPresent()) {
        return exact.get();
      }
      candidates.addAll(index.kernelsByPrefix(prefix, revision, MAX_CANDIDATES + 1));
    }
    candidates.addAll(index.kernelsByRelease(name, revision));
    return switch (candidates.size()) {
      case 0 ->
          throw new RegistryException(
              RegistryException.Code.NOT_FOUND,
              name,
              "no kernel has the id or release "
                  + Texts.quoted(name)
                  + (isHex(name) && name.length() < MIN_PREFIX
                      ? "; give at least " + MIN_PREFIX + " digits of an id"
                      : "")
                  + "; `tracery kernels` lists those that are registered");
      case 1 -> candidates.iterator().next();
      default ->
          throw new RegistryException(
              RegistryException.Code.FAILED_PRECONDITION, name, ambiguous(name, candidates));
    };
  }

  private static String ambiguous(String name, Set<KernelEntry> candidates) {
    List<KernelEntry> listed = candidates.stream().limit(MAX_CANDIDATES).toList();
    String more = candidates.size() > listed.size() ? ", and more" : "";
    return Texts.quoted(name)
        + " names more than one kernel: "
        + listed.stream()
            .map(kernel -> kernel.id() + " (" + describe(kernel) + ")")
            .collect(Collectors.joining(", "))
        + more
        + "; give the id";
  }

  private static String describe(KernelEntry kernel) {
    String build = kernel.identity().build();
    return kernel.identity().release()
        + " "
        + kernel.identity().machine()
        + (build.isEmpty() ? "" : " " + build)
        + ", "
        + kernel.eventCount()
        + " events";
  }

  private static boolean isHex(String text) {
    return text.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 0x80);
  }
}
