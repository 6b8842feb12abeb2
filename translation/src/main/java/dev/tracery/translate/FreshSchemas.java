package dev.tracery.translate;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.lineage.Evolution;
import dev.tracery.compiler.lineage.Lineage;
import dev.tracery.compiler.lineage.LineageEvolver;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.model.EventName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Begins every lineage anew, for translation without a registry: fields are numbered as the first
/// layout has them. Not thread-safe.
public final class FreshSchemas implements SchemaSource {

  private final LineageEvolver evolver = new LineageEvolver();
  private final Map<EventName, Lineage> lineages = new HashMap<>();
  private final Set<String> messageNames = new HashSet<>();

  @Override
  public SchemaVersion schema(EventName event, Layout layout) {
    Lineage lineage = lineages.get(event);
    Evolution evolution =
        lineage == null
            ? evolver.begin(event, layout, messageNames)
            : evolver.evolve(lineage, layout);
    if (evolution.isNew()) {
      List<SchemaVersion> versions =
          new ArrayList<>(lineage == null ? List.of() : lineage.versions());
      versions.add(evolution.version());
      lineages.put(event, new Lineage(versions));
      messageNames.add(evolution.version().messageName());
    }
    return evolution.version();
  }
}
