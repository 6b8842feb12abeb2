package dev.tracery.registry.ruling;

/// A commit has something that this version of the program does not know.
public final class NewerEntryException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  public NewerEntryException(String message) {
    super(message);
  }
}
