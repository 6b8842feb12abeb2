package dev.tracery.registry;

import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Negotiation.SeenEvent;
import dev.tracery.translator.BridgedField;
import java.util.List;
import java.util.Optional;

/// The layouts of records, for who translates recorded traces. Part of the [Registry], whose rules
/// for calls hold here, too.
public interface Layouts {

  /// A format with this layout. Its id is 0: a layout has none. From the store.
  ///
  /// @throws RegistryException NOT_FOUND if no event has the layout; DATA_LOSS if the store has
  ///   lost it
  byte[] format(Sha256 layoutHash);

  /// Those of `events` that do not have their layout yet, in their order.
  List<SeenEvent> unknown(List<SeenEvent> events);

  /// Gives each of `events` a schema version for its layout, which no registered kernel has, within
  /// the limit that there is for layouts that negotiations bring. Those that are known already need
  /// no text and change nothing.
  ///
  /// @param kernel of which word size and byte order count
  /// @throws RegistryException INVALID_ARGUMENT with everything that is wrong in the formats;
  ///   RESOURCE_EXHAUSTED if there would be too many
  void learn(KernelIdentity kernel, List<SeenEvent> events);

  /// What bridges fill of an event's records that have this layout. The schema version that has
  /// these fields, too, is in the log when this returns.
  ///
  /// @return empty if no installed bridge fills anything here, or the event has no such layout
  Optional<Bridged> bridged(EventName event, Sha256 layoutHash);

  /// Fields that are filled.
  ///
  /// @param schemaVersion the version that has the layout's fields and those that are filled
  /// @param fields what fills them
  record Bridged(int schemaVersion, List<BridgedField> fields) {
    public Bridged {
      fields = List.copyOf(fields);
    }
  }
}
