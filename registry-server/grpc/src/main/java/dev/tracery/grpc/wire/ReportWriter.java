package dev.tracery.grpc.wire;

import dev.tracery.registry.Compatibility;
import dev.tracery.v1.AccessClass;
import dev.tracery.v1.ChangeCount;
import dev.tracery.v1.ChangeKind;
import dev.tracery.v1.ClaimOrigin;
import dev.tracery.v1.CompatibilityReport;
import dev.tracery.v1.ConsumerRef;
import dev.tracery.v1.Finding;
import dev.tracery.v1.SeriesMode;
import dev.tracery.v1.StabilityClass;
import dev.tracery.v1.UnmetRequirement;
import dev.tracery.v1.Verdict;
import org.jspecify.annotations.Nullable;

/// Reports for the wire.
public final class ReportWriter {

  private ReportWriter() {}

  /// The whole report.
  public static CompatibilityReport write(Compatibility.Report report) {
    CompatibilityReport.Builder out = writeHead(report);
    report.findings().forEach(finding -> out.addFindings(write(finding)));
    report.unmet().forEach(unmet -> out.addUnmet(write(unmet)));
    report.unknown().forEach(unknown -> out.addUnknown(write(unknown)));
    report.harmless().forEach(change -> out.addHarmless(write(change)));
    return out.build();
  }

  /// The report with as many of its findings as fit, and nothing of the other lists.
  ///
  /// @param maxBytes of the message that is answered
  public static CompatibilityReport writeShort(Compatibility.Report report, int maxBytes) {
    CompatibilityReport.Builder out = writeHead(report);
    int room = maxBytes - out.build().getSerializedSize();
    for (Compatibility.Finding finding : report.findings()) {
      Finding written = write(finding);
      // One byte for the tag, and up to three for the length.
      room -= written.getSerializedSize() + 4;
      if (room < 0) {
        break;
      }
      out.addFindings(written);
    }
    return out.build();
  }

  private static CompatibilityReport.Builder writeHead(Compatibility.Report report) {
    CompatibilityReport.Builder out =
        CompatibilityReport.newBuilder()
            .setSeries(report.series())
            .setCandidate(KernelWriter.write(report.candidate()))
            .setVerdict(verdict(report.verdict()))
            .setMode(WireConstants.write(SeriesMode.class, "SERIES_MODE_", report.mode()))
            .setFindingCount(report.findingCount())
            .setUnmetTotal(report.unmetCount())
            .setUnknownTotal(report.unknownCount())
            .setRequirementsJudged(report.requirementsJudged())
            .setRevision(report.revision())
            .setTime(KernelWriter.write(report.time()));
    report
        .predecessor()
        .ifPresent(predecessor -> out.setPredecessor(KernelWriter.write(predecessor)));
    return out;
  }

  private static Finding write(Compatibility.Finding finding) {
    Finding.Builder out =
        Finding.newBuilder()
            .setVerdict(verdict(finding.verdict()))
            .setAccess(access(finding.access()))
            .setEvent(finding.event().toString())
            .setStability(
                WireConstants.write(StabilityClass.class, "STABILITY_CLASS_", finding.stability()))
            .setChange(DiffWriter.write(finding.change()))
            .setExplanation(finding.explanation())
            .setRemedy(finding.remedy())
            .setQuestion(finding.question())
            .setWaiver(finding.waiver())
            .setHint(finding.hint());
    if (finding.consumer() != null) {
      out.setConsumer(write(finding.consumer()));
    }
    return out.build();
  }

  private static UnmetRequirement write(Compatibility.Unmet unmet) {
    UnmetRequirement.Builder out =
        UnmetRequirement.newBuilder()
            .setConsumer(write(unmet.consumer()))
            .setAccess(access(unmet.access()))
            .setReason(unmet.reason())
            .setOptional(unmet.optional());
    if (unmet.event() != null) {
      out.setEvent(unmet.event().toString());
    }
    return out.build();
  }

  private static ConsumerRef write(Compatibility.ConsumerRef consumer) {
    return ConsumerRef.newBuilder()
        .setName(consumer.name())
        .setVersion(consumer.version())
        .setOrigin(WireConstants.write(ClaimOrigin.class, "CLAIM_ORIGIN_", consumer.origin()))
        .setSource(consumer.source())
        .build();
  }

  private static ChangeCount write(Compatibility.ChangeCount change) {
    ChangeCount.Builder out =
        ChangeCount.newBuilder()
            .setKind(WireConstants.write(ChangeKind.class, "CHANGE_KIND_", change.kind()))
            .setVerdict(verdict(change.verdict()))
            .setCount(change.count());
    change.examples().forEach(event -> out.addExamples(event.toString()));
    return out.build();
  }

  private static Verdict verdict(Compatibility.Verdict verdict) {
    return WireConstants.write(Verdict.class, "VERDICT_", verdict);
  }

  private static AccessClass access(dev.tracery.consumer.@Nullable AccessClass access) {
    return WireConstants.write(AccessClass.class, "ACCESS_CLASS_", access);
  }
}
