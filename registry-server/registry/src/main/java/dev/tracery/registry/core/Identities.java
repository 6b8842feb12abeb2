package dev.tracery.registry.core;

import dev.tracery.compiler.input.Machine;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Target;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.RegistryException.Code;

/// Checks what kernels say of themselves.
final class Identities {

  private Identities() {}

  /// Refuses a byte order or word size that no kernel of the machine has.
  ///
  /// @param field of the request that has the identity
  static void check(String field, KernelIdentity identity) {
    Machine machine = Machine.named(identity.machine());
    Target target = identity.target();
    if (machine.byteOrder().orElse(target.byteOrder()) != target.byteOrder()
        || machine.wordSize().orElse(target.wordSize()) != target.wordSize()) {
      throw new RegistryException(
          Code.INVALID_ARGUMENT,
          field,
          field
              + ": a kernel of the machine "
              + Texts.quoted(identity.machine())
              + " is not "
              + target
              + "; one of the two is wrong");
    }
  }
}
