package dev.tracery.cli;

import com.google.protobuf.Timestamp;
import dev.tracery.v1.AccessClass;
import dev.tracery.v1.Change;
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

/// Reports that a server could send, odd characters included.
final class Reports {

  private static final ConsumerRef OFFCPUTIME =
      consumer("offcputime", "0.31.0", ClaimOrigin.CLAIM_ORIGIN_DECLARED, "tools/offcputime.py");

  private static final ConsumerRef OBSERVED =
      consumer("perf-script", "6.1", ClaimOrigin.CLAIM_ORIGIN_OBSERVED, "");

  private Reports() {}

  /// With something of everything.
  static CompatibilityReport breaking() {
    return judged(Verdict.VERDICT_BREAK)
        .addFindings(
            finding(Verdict.VERDICT_BREAK, OFFCPUTIME, AccessClass.ACCESS_CLASS_BY_NAME)
                .setChange(removed("prev_state", "long prev_state; offset 32; size 8"))
                .setExplanation("prev_state is required, and there is no such field any more")
                .setRemedy("keep prev_state, or add it to the tool's alternatives")
                .setHint("prev_task_state was added with the same type at the same place"))
        .addFindings(
            finding(Verdict.VERDICT_BREAK, OBSERVED, AccessClass.ACCESS_CLASS_POSITIONAL)
                .setChange(removed("prev_state", "long prev_state; offset 32; size 8"))
                .setExplanation("the fields from the 4th on are others")
                .setRemedy("keep the order, append what is new"))
        .addFindings(
            finding(
                    Verdict.VERDICT_BREAK,
                    ConsumerRef.getDefaultInstance(),
                    AccessClass.ACCESS_CLASS_UNSPECIFIED)
                .clearConsumer()
                .setEvent("syscalls/sys_enter_open")
                .setStability(StabilityClass.STABILITY_CLASS_STABLE)
                .setChange(
                    Change.newBuilder()
                        .setKind(ChangeKind.CHANGE_KIND_EVENT_REMOVED)
                        .setFrom("syscalls/sys_enter_open"))
                .setExplanation("system calls are for ever")
                .setRemedy("keep the event"))
        .addFindings(
            finding(Verdict.VERDICT_REVIEW, OFFCPUTIME, AccessClass.ACCESS_CLASS_BY_NAME)
                .setEvent("sock/inet_sock_set_state")
                .setChange(
                    Change.newBuilder()
                        .setKind(ChangeKind.CHANGE_KIND_FIELD_LENGTH)
                        .setField("saddr")
                        .setFrom("__u8 saddr[4]; a declaration that is long, to see both on lines")
                        .setTo(
                            "__u8 saddr[28]; 100 % of it, with <tags> & \"quotes\", to break forms"))
                .setQuestion("does saddr still begin with what the tool reads?"))
        .addFindings(
            finding(Verdict.VERDICT_WAIVED, OBSERVED, AccessClass.ACCESS_CLASS_PRINT_TEXT)
                .setEvent("irq/softirq_entry")
                .setChange(Change.newBuilder().setKind(ChangeKind.CHANGE_KIND_PRINT_FORMAT))
                .setExplanation(
                    "the text has no `vec=`, says\u001b[31m the\u0000 \ud83d\ude00 tool")
                .setWaiver("softirq-2026"))
        .setFindingCount(5)
        .addUnmet(unmet("sched/sched_wait_task", "there is no event sched/sched_wait_task", true))
        .setUnmetTotal(1)
        .addUnknown(unmet("sched/sched_switch", "the kernel's BTF was not given", false))
        .setUnknownTotal(1)
        .addHarmless(
            ChangeCount.newBuilder()
                .setKind(ChangeKind.CHANGE_KIND_FIELD_ADDED)
                .setVerdict(Verdict.VERDICT_COMPATIBLE)
                .setCount(312)
                .addExamples("ext4/ext4_da_write_begin")
                .addExamples("sched/sched_switch"))
        .addHarmless(
            ChangeCount.newBuilder()
                .setKind(ChangeKind.CHANGE_KIND_EVENT_REMOVED)
                .setVerdict(Verdict.VERDICT_UNUSED)
                .setCount(1)
                .addExamples("afs/afs_gone"))
        .build();
  }

  /// That nobody is harmed.
  static CompatibilityReport harmless() {
    return judged(Verdict.VERDICT_COMPATIBLE).build();
  }

  /// That a person must decide.
  static CompatibilityReport undecided() {
    CompatibilityReport.Builder report = breaking().toBuilder();
    Finding review = report.getFindings(3);
    return report
        .clearFindings()
        .addFindings(review)
        .setFindingCount(1)
        .setVerdict(Verdict.VERDICT_REVIEW)
        .build();
  }

  private static CompatibilityReport.Builder judged(Verdict verdict) {
    return CompatibilityReport.newBuilder()
        .setSeries("debian-amd64")
        .setPredecessor(Answers.OLD)
        .setCandidate(Answers.NEW)
        .setVerdict(verdict)
        .setMode(SeriesMode.SERIES_MODE_ENFORCE)
        .setRequirementsJudged(213)
        .setRevision(12)
        .setTime(Timestamp.newBuilder().setSeconds(1_795_400_000));
  }

  private static Finding.Builder finding(
      Verdict verdict, ConsumerRef consumer, AccessClass access) {
    return Finding.newBuilder()
        .setVerdict(verdict)
        .setConsumer(consumer)
        .setAccess(access)
        .setEvent("sched/sched_switch")
        .setStability(StabilityClass.STABILITY_CLASS_INTERNAL);
  }

  private static Change.Builder removed(String field, String declaration) {
    return Change.newBuilder()
        .setKind(ChangeKind.CHANGE_KIND_FIELD_REMOVED)
        .setField(field)
        .setFrom(declaration);
  }

  private static UnmetRequirement.Builder unmet(String event, String reason, boolean optional) {
    return UnmetRequirement.newBuilder()
        .setConsumer(OFFCPUTIME)
        .setEvent(event)
        .setAccess(AccessClass.ACCESS_CLASS_BTF_STRUCT)
        .setReason(reason)
        .setOptional(optional);
  }

  private static ConsumerRef consumer(
      String name, String version, ClaimOrigin origin, String source) {
    return ConsumerRef.newBuilder()
        .setName(name)
        .setVersion(version)
        .setOrigin(origin)
        .setSource(source)
        .build();
  }
}
