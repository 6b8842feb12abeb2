package dev.tracery.launcher.components;

/// Is never done with its construction.
public final class Hanging {
  public Hanging() throws InterruptedException {
    Thread.sleep(Long.MAX_VALUE);
  }
}
