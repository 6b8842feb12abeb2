package dev.tracery.registry.core;

import dev.tracery.compiler.FormatCompiler;
import dev.tracery.model.KernelIdentity;
import dev.tracery.registry.Compatibility.Check;
import dev.tracery.registry.Registry.Registration;
import dev.tracery.registry.Registry.RegistrationResult;
import dev.tracery.registry.index.Index;
import java.util.Optional;

/// Takes kernels in: to register them, or only to judge them. Thread-safe.
final class Registrar {

  private final Log log;
  private final RegistryLimits limits;
  private final FormatCompiler compiler;
  private final StoredLayouts stored;
  private final KernelJudge judge;

  Registrar(Log log, RegistryLimits limits, StoredLayouts stored, KernelJudge judge) {
    this.log = log;
    this.limits = limits;
    this.compiler = new FormatCompiler(limits.ofNewFormats());
    this.stored = stored;
    this.judge = judge;
  }

  /// Begins a registration.
  Registration register(KernelIdentity identity, Optional<String> series) {
    series.ifPresent(name -> SeriesNames.checkForm("series", name));
    Identities.check("identity", identity);
    // Why already here: not after all of the kernel has come.
    log.checkWritable();
    return new PendingRegistration(identity, series, limits, log.index(), this::register);
  }

  /// Begins to judge a kernel against the latest of a series, or the one before it there.
  Check check(KernelIdentity identity, String series) {
    SeriesNames.checkThere(log.index(), "series", series, log.index().head().revision());
    Identities.check("identity", identity);
    return new PendingCheck(
        new PendingRegistration(
            identity,
            Optional.of(series),
            limits,
            log.index(),
            (kernel, _) -> check(kernel, series)));
  }

  private RegistrationResult register(PendingKernel kernel, boolean validateOnly) {
    Log.Written<JudgedPlan> written =
        log.write(index -> judge.judged(plan(index, kernel)), validateOnly, !isQuick(kernel));
    return result(written.plan(), written.revision());
  }

  private RegistrationResult check(PendingKernel kernel, String series) {
    JudgedPlan judged =
        log.steady(index -> {
          RegistrationPlan plan = plan(index, kernel);
          return new JudgedPlan(plan, Optional.of(judge.report(plan, series)));
        });
    return result(judged, judged.base());
  }

  private boolean isQuick(PendingKernel kernel) {
    return new RegistrationPlanner(compiler, stored, log.index(), kernel).isQuick();
  }

  private RegistrationPlan plan(Index index, PendingKernel kernel) {
    return new RegistrationPlanner(compiler, stored, index, kernel).plan();
  }

  private static RegistrationResult result(JudgedPlan judged, long revision) {
    RegistrationPlan plan = judged.registration();
    return new RegistrationResult(
        plan.kernel(revision),
        revision,
        plan.created(),
        plan.newLayouts(),
        plan.newSchemaVersions(),
        plan.warnings(),
        plan.warningCount(),
        judged.report(),
        plan.typesAdded());
  }
}
