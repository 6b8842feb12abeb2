package dev.tracery.grpc.wire;

import dev.tracery.registry.Registry;
import dev.tracery.v1.LayoutLearned;
import dev.tracery.v1.PolicyChanged;
import dev.tracery.v1.RegistryChange;
import dev.tracery.v1.SchemaVersionAdded;
import dev.tracery.v1.SeriesJoined;
import dev.tracery.v1.TranslatorInstalled;
import dev.tracery.v1.TranslatorRemoved;
import dev.tracery.v1.TypesAdded;
import dev.tracery.v1.WaiverGiven;
import dev.tracery.v1.WatchResponse;
import java.util.List;

/// A revision's changes for the wire, in answers of bounded size.
public final class ChangesWriter {

  private static final int MAX_CHANGES = 500;

  private ChangesWriter() {}

  /// How many answers the revision takes; at least one.
  public static int parts(Registry.RevisionChanges revision) {
    return Math.max(1, Math.ceilDiv(revision.changes().size(), MAX_CHANGES));
  }

  /// One of those answers, from 0.
  public static WatchResponse write(Registry.RevisionChanges revision, int part) {
    List<Registry.RegistryChange> changes = revision.changes();
    int from = part * MAX_CHANGES;
    int to = Math.min(changes.size(), from + MAX_CHANGES);
    WatchResponse.Builder out =
        WatchResponse.newBuilder()
            .setRevision(revision.revision())
            .setTime(KernelWriter.write(revision.time()))
            .setMore(to < changes.size());
    changes.subList(from, to).forEach(change -> out.addChanges(write(change)));
    return out.build();
  }

  private static RegistryChange write(Registry.RegistryChange change) {
    RegistryChange.Builder out = RegistryChange.newBuilder();
    switch (change) {
      case Registry.RegistryChange.KernelRegistered(Registry.Kernel kernel) ->
          out.setKernelRegistered(KernelWriter.write(kernel));
      case Registry.RegistryChange.SeriesJoined(String kernel, String series) ->
          out.setSeriesJoined(SeriesJoined.newBuilder().setKernel(kernel).setSeries(series));
      case Registry.RegistryChange.SchemaVersionAdded(var event, int version) ->
          out.setSchemaVersionAdded(
              SchemaVersionAdded.newBuilder().setEvent(event.toString()).setVersion(version));
      case Registry.RegistryChange.WaiverGiven(String name, String series) ->
          out.setWaiverGiven(WaiverGiven.newBuilder().setName(name).setSeries(series));
      case Registry.RegistryChange.PolicyChanged(String summary) ->
          out.setPolicyChanged(PolicyChanged.newBuilder().setSummary(summary));
      case Registry.RegistryChange.TypesAdded(String kernel) ->
          out.setTypesAdded(TypesAdded.newBuilder().setKernel(kernel));
      case Registry.RegistryChange.ConsumerDeclared(var claim) ->
          out.setConsumerDeclared(ClaimWriter.write(claim));
      // Why short: one withdrawal may end thousands of claims.
      case Registry.RegistryChange.ConsumerEnded(var claim) ->
          out.setConsumerEnded(ClaimWriter.writeShort(claim));
      case Registry.RegistryChange.ConsumerObserved(var claim) ->
          out.setConsumerObserved(ClaimWriter.write(claim));
      case Registry.RegistryChange.LayoutLearned(var event, var hash) ->
          out.setLayoutLearned(
              LayoutLearned.newBuilder()
                  .setEvent(event.toString())
                  .setLayoutHash(KernelWriter.write(hash)));
      case Registry.RegistryChange.TranslatorInstalled(String name, String version) ->
          out.setTranslatorInstalled(
              TranslatorInstalled.newBuilder().setName(name).setVersion(version));
      case Registry.RegistryChange.TranslatorRemoved(String name, String version) ->
          out.setTranslatorRemoved(
              TranslatorRemoved.newBuilder().setName(name).setVersion(version));
    }
    return out.build();
  }
}
