package dev.tracery.registry;

import dev.tracery.model.Sha256;
import dev.tracery.translator.BridgedField;
import java.time.Instant;
import java.util.List;

/// The translator bundles that people have installed, as the log has them: every server over one
/// store has the same. Part of the [Registry], whose rules for calls hold here, too.
public interface Translators {

  /// What was installed, sorted by name.
  List<Installed> installed(long atRevision);

  /// The bridges of this server, which are asked for what they fill when their bundle starts.
  List<Bridge> bridges();

  /// A bundle's jar.
  ///
  /// @throws RegistryException DATA_LOSS if the store has lost it
  byte[] jar(Sha256 hash);

  /// Adds a bundle, or replaces the one of that name. The same bytes again change nothing.
  ///
  /// @throws RegistryException INVALID_ARGUMENT if the name or the version is empty or too long
  Installed install(String name, String version, byte[] jar);

  /// Takes a bundle away.
  ///
  /// @return what it was
  /// @throws RegistryException NOT_FOUND if none has the name
  Installed remove(String name);

  /// A bundle.
  ///
  /// @param name its symbolic name
  /// @param jar the SHA-256 of the jar
  /// @param time when it was installed
  /// @param revision at which it was installed
  record Installed(String name, String version, Sha256 jar, Instant time, long revision) {}

  /// A bridge that is there now.
  ///
  /// @param bundle its bundle's symbolic name
  /// @param version its bundle's
  /// @param ranking of two that fill the same field, the one with the higher is taken
  /// @param fields what it fills, on kernels that do not have it and have what it is filled from
  /// @param problem why it is ignored; empty if it is not
  record Bridge(
      String bundle, String version, int ranking, List<BridgedField> fields, String problem) {
    public Bridge {
      fields = List.copyOf(fields);
    }
  }
}
