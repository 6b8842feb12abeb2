package dev.tracery.compiler.lineage;

import dev.tracery.model.EventName;
import java.util.List;

/// One version of an event's schema. It stands by itself: everything that is emitted from a schema
/// is in here.
///
/// @param event the event
/// @param messageName the message's full protobuf name, the same in all versions:
///   `linux.sched.SchedSwitch`
/// @param version from 1
/// @param fields in the order of the layout with which this version began
/// @param removed fields of earlier versions that this one has not, by number; their numbers and
///   names stay reserved
/// @param printFormat the text of the print format of the layout with which this version began
public record SchemaVersion(
    EventName event,
    String messageName,
    int version,
    List<SchemaField> fields,
    List<SchemaField> removed,
    String printFormat) {

  public SchemaVersion {
    fields = List.copyOf(fields);
    removed = List.copyOf(removed);
  }
}
