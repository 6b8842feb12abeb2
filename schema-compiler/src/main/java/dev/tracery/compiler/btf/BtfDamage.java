package dev.tracery.compiler.btf;

import dev.tracery.diagnostic.Diagnostic;

/// Ends the reading of BTF.
final class BtfDamage extends Exception {

  private static final long serialVersionUID = 1;

  private final transient Diagnostic diagnostic;

  BtfDamage(Diagnostic diagnostic) {
    super(diagnostic.message(), null, false, false);
    this.diagnostic = diagnostic;
  }

  Diagnostic diagnostic() {
    return diagnostic;
  }
}
