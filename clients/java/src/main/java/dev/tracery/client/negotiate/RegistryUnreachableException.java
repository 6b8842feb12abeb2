package dev.tracery.client.negotiate;

import dev.tracery.client.TraceryException;

/// The registry cannot be reached, and nothing is kept from an earlier start with the same
/// question.
public final class RegistryUnreachableException extends RuntimeException {

  private static final long serialVersionUID = 1;

  RegistryUnreachableException(String message, TraceryException cause) {
    super(message, cause);
  }
}
