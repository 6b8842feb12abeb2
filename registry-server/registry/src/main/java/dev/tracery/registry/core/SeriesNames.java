package dev.tracery.registry.core;

import dev.tracery.registry.RegistryException;
import dev.tracery.registry.RegistryException.Code;
import dev.tracery.registry.index.Index;
import java.util.List;
import java.util.regex.Pattern;

/// Checks the names of series in requests.
final class SeriesNames {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._+~-]{1,200}");

  private SeriesNames() {}

  /// Refuses what cannot be a series.
  ///
  /// @param field the request's field, for the refusal
  static void checkForm(String field, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new RegistryException(
          Code.INVALID_ARGUMENT,
          field,
          field + ": expected 1 to 200 letters, digits and ._+~- but found " + Texts.quoted(name));
    }
  }

  /// Refuses a series that no kernel is in.
  static void checkThere(Index index, String field, String name, long revision) {
    checkForm(field, name);
    if (!index.hasSeries(name, revision)) {
      List<String> near = NearNames.of(name, index.seriesNames(revision));
      throw new RegistryException(
          Code.NOT_FOUND,
          "series " + name,
          field
              + ": no kernel is in the series "
              + name
              + (near.isEmpty()
                  ? "; `tracery kernels` lists the series of each kernel"
                  : "; did you mean " + String.join(", ", near) + "?"));
    }
  }
}
