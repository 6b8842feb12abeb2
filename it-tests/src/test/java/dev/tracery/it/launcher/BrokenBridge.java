package dev.tracery.it.launcher;

import dev.tracery.translator.BridgedField;
import dev.tracery.translator.FieldBridge;
import java.util.List;

/// A bridge that fails whenever it is asked, of the highest ranking.
public final class BrokenBridge implements FieldBridge {

  /// Made by the component runtime.
  public BrokenBridge() {}

  @Override
  public List<BridgedField> fields() {
    throw new IllegalStateException("broken");
  }
}
