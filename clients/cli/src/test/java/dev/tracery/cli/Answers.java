package dev.tracery.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.tracery.client.FakeServer;
import dev.tracery.v1.AdminServiceGrpc;
import dev.tracery.v1.ByteOrder;
import dev.tracery.v1.Change;
import dev.tracery.v1.ChangeKind;
import dev.tracery.v1.DiffKernelsResponse;
import dev.tracery.v1.DiffSchemasResponse;
import dev.tracery.v1.EventDiff;
import dev.tracery.v1.GetStatusResponse;
import dev.tracery.v1.ImportResponse;
import dev.tracery.v1.Kernel;
import dev.tracery.v1.KernelEvent;
import dev.tracery.v1.KernelIdentity;
import dev.tracery.v1.ListEventsResponse;
import dev.tracery.v1.ListKernelsResponse;
import dev.tracery.v1.RegistryServiceGrpc;
import dev.tracery.v1.WordSize;
import io.grpc.Status;

/// A registry with two kernels that answers always the same.
final class Answers {

  static final Kernel OLD =
      kernel("0123456789abcdef", "5.10.0-46-amd64", "x86_64", WordSize.WORD_SIZE_64, 1)
          .addSeries("debian-amd64")
          .addSeries("bullseye")
          .build();

  static final Kernel NEW =
      kernel("fedcba9876543210", "6.1.0-50-s390x", "s390x", WordSize.WORD_SIZE_64, 12)
          .setIdentity(
              KernelIdentity.newBuilder()
                  .setRelease("6.1.0-50-s390x")
                  .setMachine("s390x")
                  .setWordSize(WordSize.WORD_SIZE_64)
                  .setByteOrder(ByteOrder.BYTE_ORDER_BIG_ENDIAN)
                  .setPageSize(4096))
          .build();

  private Answers() {}

  static FakeServer.Builder registry() {
    return FakeServer.builder()
        .unary(
            RegistryServiceGrpc.getListKernelsMethod(),
            request ->
                ListKernelsResponse.newBuilder()
                    .addKernels(OLD)
                    .addKernels(NEW)
                    .setRevision(12)
                    .build())
        .unary(
            RegistryServiceGrpc.getListEventsMethod(),
            request -> {
              if (request.getKernel().isEmpty()) {
                return ListEventsResponse.newBuilder()
                    .addEvents(
                        KernelEvent.newBuilder().setEvent("sched/sched_switch").setSchemaVersion(2))
                    .addEvents(
                        KernelEvent.newBuilder()
                            .setEvent("irq/irq_handler_entry")
                            .setSchemaVersion(1))
                    .build();
              }
              if (request.getKernel().equals("nope")) {
                throw Status.NOT_FOUND
                    .withDescription("there is no kernel \"nope\"")
                    .asRuntimeException();
              }
              return ListEventsResponse.newBuilder()
                  .addEvents(
                      KernelEvent.newBuilder()
                          .setEvent("sched/sched_switch")
                          .setId(319)
                          .setLayoutHash(hash(0xab))
                          .setSchemaVersion(2))
                  .build();
            })
        .unary(RegistryServiceGrpc.getDiffKernelsMethod(), request -> kernelDiff())
        .unary(
            RegistryServiceGrpc.getDiffSchemasMethod(),
            request ->
                DiffSchemasResponse.newBuilder()
                    .setDiff(
                        request.getToVersion() == 1
                            ? EventDiff.newBuilder().setEvent("sched/sched_switch")
                            : schedSwitch())
                    .setRevision(12)
                    .build())
        .unary(
            AdminServiceGrpc.getGetStatusMethod(),
            request ->
                GetStatusResponse.newBuilder()
                    .setVersion("0.1.0")
                    .setRevision(12)
                    .setKernelCount(2)
                    .setEventCount(4725)
                    .setSchemaVersionCount(5000)
                    .setLayoutCount(8000)
                    .setStore("sqlite")
                    .setStoreSizeBytes(5_400_000)
                    .setStateHash(request.getStateHash() ? hash(7) : ByteString.EMPTY)
                    .build())
        .collecting(
            AdminServiceGrpc.getImportMethod(),
            requests -> ImportResponse.newBuilder().setRevision(12).setKernelCount(2).build());
  }

  static ByteString hash(int b) {
    byte[] hash = new byte[32];
    java.util.Arrays.fill(hash, (byte) b);
    return ByteString.copyFrom(hash);
  }

  private static Kernel.Builder kernel(
      String id, String release, String machine, WordSize wordSize, long revision) {
    return Kernel.newBuilder()
        .setId(id)
        .setIdentity(
            KernelIdentity.newBuilder()
                .setRelease(release)
                .setBuild("#1 SMP Debian")
                .setMachine(machine)
                .setWordSize(wordSize)
                .setByteOrder(ByteOrder.BYTE_ORDER_LITTLE_ENDIAN)
                .setPageSize(4096))
        .setManifestFingerprint(hash(1))
        .setEventCount(4725)
        .setSystemCount(219)
        .setRevision(revision)
        .setRegisterTime(Timestamp.newBuilder().setSeconds(1_795_400_000));
  }

  private static EventDiff.Builder schedSwitch() {
    return EventDiff.newBuilder()
        .setEvent("sched/sched_switch")
        .setFromVersion(1)
        .setToVersion(2)
        .addChanges(
            change(ChangeKind.CHANGE_KIND_FIELD_MOVED, "prev_state", "offset 24", "offset 32"))
        .addChanges(change(ChangeKind.CHANGE_KIND_FIELD_ADDED, "flags", "", "u32 flags"))
        .addChanges(change(ChangeKind.CHANGE_KIND_FIELD_REMOVED, "cpu", "int cpu", ""))
        .addChanges(
            change(ChangeKind.CHANGE_KIND_FIELD_RENAMED, "cpu", "int cpu", "int target_cpu"))
        .addChanges(change(ChangeKind.CHANGE_KIND_FIELD_WIDENED, "id", "int id", "long id"))
        .addChanges(
            change(ChangeKind.CHANGE_KIND_FIELD_LENGTH, "comm", "char comm[16]", "char comm[32]")
                .setOccurrence(1))
        .addChanges(
            change(
                ChangeKind.CHANGE_KIND_PRINT_FORMAT,
                "",
                "\"prev_state=%s\", __print_flags(REC->prev_state & 255, \"|\", …)",
                "\"prev_state=%s\", __print_flags(REC->prev_state & 1023, \"|\", …)"));
  }

  private static DiffKernelsResponse kernelDiff() {
    return DiffKernelsResponse.newBuilder()
        .addCommonChanges(
            change(
                ChangeKind.CHANGE_KIND_COMMON_FIELD_REMOVED,
                "common_preempt_lazy_count",
                "unsigned char common_preempt_lazy_count",
                ""))
        .addEvents(
            EventDiff.newBuilder()
                .setEvent("a/gone")
                .setFromVersion(1)
                .addChanges(change(ChangeKind.CHANGE_KIND_EVENT_REMOVED, "", "a/gone", ""))
                .addChanges(change(ChangeKind.CHANGE_KIND_EVENT_RENAMED, "", "a/gone", "a/new")))
        .addEvents(
            EventDiff.newBuilder()
                .setEvent("a/new")
                .setToVersion(1)
                .addChanges(change(ChangeKind.CHANGE_KIND_EVENT_ADDED, "", "", "")))
        .addEvents(schedSwitch())
        .addEvents(
            EventDiff.newBuilder()
                .setEvent("x/y\u001b[31m")
                .setFromVersion(3)
                .setToVersion(3)
                .addChanges(change(ChangeKind.CHANGE_KIND_RECORD_SIZE, "", "24", "28"))
                .addChanges(change(ChangeKind.CHANGE_KIND_FIELD_ORDER, "", "", ""))
                .addChanges(change(ChangeKind.CHANGE_KIND_FIELD_SYMBOLS, "reason", "", "9=damon"))
                .addChanges(
                    change(
                        ChangeKind.CHANGE_KIND_PRINT_FORMAT,
                        "",
                        "\" vruntime=%u [ns]\", (unsigned long long)REC->vruntime",
                        "")))
        .setUnchanged(1700)
        .setRevision(12)
        .build();
  }

  private static Change.Builder change(ChangeKind kind, String field, String from, String to) {
    return Change.newBuilder().setKind(kind).setField(field).setFrom(from).setTo(to);
  }
}
