package dev.tracery.registry.core;

import dev.tracery.model.Sha256;
import dev.tracery.registry.Compatibility.Report;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.log.Commit;
import java.util.Map;
import java.util.Optional;

/// A registration with what it would do to the series that it joins, found at the same revision.
///
/// @param report empty where it joins none
record JudgedPlan(RegistrationPlan registration, Optional<Report> report) implements LogPlan {

  @Override
  public Index index() {
    return registration.index();
  }

  @Override
  public long base() {
    return registration.base();
  }

  @Override
  public Commit commit() {
    return registration.commit();
  }

  @Override
  public Map<Sha256, byte[]> blobs() {
    return registration.blobs();
  }
}
