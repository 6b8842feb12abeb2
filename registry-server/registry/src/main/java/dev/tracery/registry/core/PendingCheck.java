package dev.tracery.registry.core;

import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Compatibility.Check;
import dev.tracery.registry.Compatibility.CheckResult;
import dev.tracery.registry.Registry.RegistrationResult;
import dev.tracery.v1.KernelTypes;
import java.util.Optional;

/// A check that is being put together: a registration that only validates. Not thread-safe.
record PendingCheck(PendingRegistration kernel) implements Check {

  @Override
  public void add(EventName event, int id, String file, byte[] text, Optional<Sha256> claimedHash) {
    kernel.add(event, id, file, text, claimedHash);
  }

  @Override
  public void add(EventName event, int id, Sha256 layoutHash) {
    kernel.add(event, id, layoutHash);
  }

  @Override
  public void addSystem(String system, Sha256 node, int firstId) {
    kernel.addSystem(system, node, firstId);
  }

  @Override
  public void addTypes(KernelTypes types) {
    kernel.addTypes(types);
  }

  @Override
  public CheckResult finish() {
    RegistrationResult result = kernel.finish(true);
    return new CheckResult(result.report().orElseThrow(), result.warnings(), result.warningCount());
  }

  @Override
  public void close() {
    kernel.close();
  }
}
