package dev.tracery.translate;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.model.EventName;
import dev.tracery.translator.EventTranslator;
import dev.tracery.v1.DecodePlan;

/// One event of a kernel, with all that its records need.
///
/// @param id `common_type` in its records
/// @param name the event
/// @param layout what its format says
/// @param schema the message
/// @param plan how the layout's bytes become the message
/// @param translator what runs the plan
public record EventType(
    int id,
    EventName name,
    Layout layout,
    SchemaVersion schema,
    DecodePlan plan,
    EventTranslator translator) {}
