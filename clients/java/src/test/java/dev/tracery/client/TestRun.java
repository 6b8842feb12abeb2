package dev.tracery.client;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import java.io.PrintWriter;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/// Runs what Maven has built, without Maven: `test`, or `integration`.
public final class TestRun {

  private static final String INTEGRATION = "integration";

  private TestRun() {}

  public static void main(String... args) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectPackage("dev.tracery.client"))
            .filters(
                args[0].equals(INTEGRATION)
                    ? TagFilter.includeTags(INTEGRATION)
                    : TagFilter.excludeTags(INTEGRATION))
            .build();
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    LauncherFactory.create().execute(request, summary, new Skips());
    summary.getSummary().printFailuresTo(new PrintWriter(System.err, true));
    long found = summary.getSummary().getTestsFoundCount();
    long failed = summary.getSummary().getTotalFailureCount();
    IO.println(
        found
            + " tests, "
            + failed
            + " failed, "
            + summary.getSummary().getTestsAbortedCount()
            + " skipped");
    System.exit(failed == 0 && found > 0 ? 0 : 1);
  }

  /// Says what is skipped, and why.
  private static final class Skips implements TestExecutionListener {
    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
        result
            .getThrowable()
            .ifPresent(why ->
                System.err.println("skipped: " + test.getDisplayName() + ": " + why.getMessage()));
      }
    }
  }
}
