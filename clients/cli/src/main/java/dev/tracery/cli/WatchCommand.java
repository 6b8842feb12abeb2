package dev.tracery.cli;

import dev.tracery.client.ChangeWatcher;
import dev.tracery.client.TraceryException;
import dev.tracery.v1.Claim;
import dev.tracery.v1.RegistryChange;
import dev.tracery.v1.WatchResponse;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Follows the registry's changes until it is interrupted.
@Command(
    name = "watch",
    description = {
      "Show every change of the registry as it happens, one a line, until interrupted.",
      "",
      "When the registry goes away, `watch` waits for it and goes on where it was. It must be there at",
      "the start, unless --after says where that is."
    },
    footer = {
      "",
      "Examples:",
      "  $ tracery watch --after 0",
      "  $ tracery watch --output json | jq -r '.changes[].schemaVersionAdded.event // empty'"
    })
final class WatchCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private OutputFormat output = new OutputFormat();

  @Option(
      names = "--after",
      paramLabel = "R",
      description =
          "Begin with the changes after revision R; 0 shows everything that ever happened. Default:"
              + " with what happens from now on.")
  private @Nullable Long after;

  private boolean lostIsTold;

  WatchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (after != null && after < 0) {
      throw CommandFailure.wrongUse("--after: expected 0 or more but found " + after);
    }
    return server.ask(
        console,
        client -> {
          long begin = after != null ? after : client.status().getRevision();
          try (ChangeWatcher watcher = client.watch(begin, this::tellLost)) {
            while (watcher.hasNext()) {
              WatchResponse next = watcher.next();
              lostIsTold = false;
              write(next);
              console.out().flush();
            }
          }
          return ExitStatus.FINE;
        });
  }

  /// Once for each time that the registry is away.
  private void tellLost(TraceryException failure) {
    if (!lostIsTold) {
      lostIsTold = true;
      console
          .err()
          .println(
              "tracery: connection lost ("
                  + Terms.printable(String.valueOf(failure.getMessage()))
                  + "); waiting for the registry");
    }
  }

  private void write(WatchResponse revision) {
    WatchResponse.Builder one = revision.toBuilder().clearChanges();
    for (RegistryChange change : revision.getChangesList()) {
      console
          .out()
          .line(
              output.json()
                  ? Json.line(one.clearChanges().addChanges(change))
                  : Long.toUnsignedString(revision.getRevision())
                      + "  "
                      + Terms.time(revision.getTime())
                      + "  "
                      + describe(change));
    }
  }

  private static String describe(RegistryChange change) {
    return switch (change.getChangeCase()) {
      case KERNEL_REGISTERED -> {
        var kernel = change.getKernelRegistered();
        yield "kernel "
            + kernel.getId()
            + " registered: "
            + Terms.printable(kernel.getIdentity().getRelease())
            + " "
            + Terms.printable(kernel.getIdentity().getMachine())
            + ", "
            + Terms.count(kernel.getEventCount(), "event");
      }
      case SERIES_JOINED ->
          "kernel "
              + change.getSeriesJoined().getKernel()
              + " joined series "
              + Terms.printable(change.getSeriesJoined().getSeries());
      case SCHEMA_VERSION_ADDED ->
          "schema "
              + Terms.printable(change.getSchemaVersionAdded().getEvent())
              + " version "
              + change.getSchemaVersionAdded().getVersion();
      case CONSUMER_DECLARED -> "consumer " + consumer(change.getConsumerDeclared()) + " declared";
      case CONSUMER_ENDED -> "consumer " + consumer(change.getConsumerEnded()) + " ended";
      case CONSUMER_OBSERVED -> "consumer " + consumer(change.getConsumerObserved()) + " observed";
      case WAIVER_GIVEN ->
          "waiver "
              + Terms.printable(change.getWaiverGiven().getName())
              + " given for series "
              + Terms.printable(change.getWaiverGiven().getSeries());
      case POLICY_CHANGED -> "policy: " + Terms.printable(change.getPolicyChanged().getSummary());
      case TYPES_ADDED -> "kernel " + change.getTypesAdded().getKernel() + ": BTF added";
      case LAYOUT_LEARNED ->
          "layout of " + Terms.printable(change.getLayoutLearned().getEvent()) + " learned";
      case TRANSLATOR_INSTALLED -> {
        var bundle = change.getTranslatorInstalled();
        yield translator(bundle.getName(), bundle.getVersion()) + " installed";
      }
      case TRANSLATOR_REMOVED -> {
        var bundle = change.getTranslatorRemoved();
        yield translator(bundle.getName(), bundle.getVersion()) + " removed";
      }
      case CHANGE_NOT_SET -> "a change that this version of tracery does not know";
    };
  }

  private static String translator(String name, String version) {
    return "translator " + Terms.printable(name) + " " + Terms.printable(version);
  }

  private static String consumer(Claim claim) {
    return Terms.printable(claim.getConsumer().getName())
        + "/"
        + Terms.printable(claim.getConsumer().getVersion());
  }
}
