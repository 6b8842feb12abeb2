package dev.tracery.launcher.components;

/// Cannot be constructed.
public final class Throwing {
  public Throwing() {
    throw new IllegalStateException(
        "component failed", new IllegalArgumentException("registry.db is no database; restore it"));
  }
}
