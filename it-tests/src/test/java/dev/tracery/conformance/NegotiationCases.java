package dev.tracery.conformance;

import static dev.tracery.conformance.Script.ANSWER;
import static dev.tracery.conformance.Script.FROM_CACHE;
import static dev.tracery.conformance.Script.FROM_REGISTRY;
import static dev.tracery.conformance.Script.NOON;
import static dev.tracery.conformance.Script.OFFLINE;
import static dev.tracery.conformance.Script.REFUSED;
import static dev.tracery.conformance.Script.REFUSED_OFFLINE;
import static dev.tracery.conformance.Script.UNAVAILABLE;
import static dev.tracery.conformance.Script.UNREACHABLE;
import static dev.tracery.conformance.Script.failed;
import static dev.tracery.conformance.Tools.at;
import static dev.tracery.conformance.Tools.likes;
import static dev.tracery.conformance.Tools.needs;
import static dev.tracery.conformance.Tools.pinned;
import static dev.tracery.conformance.Tools.struct;
import static dev.tracery.conformance.Tools.tool;
import static dev.tracery.conformance.Tools.use;

import com.google.protobuf.UnknownFieldSet;
import dev.tracery.conformance.Script.Reply;
import dev.tracery.conformance.v1.NegotiationVectors;
import dev.tracery.it.FormatText;
import dev.tracery.it.SampleKernel;
import dev.tracery.model.KernelIdentity;
import dev.tracery.v1.Consumer;
import dev.tracery.v1.FieldFit;
import dev.tracery.v1.FitReason;
import dev.tracery.v1.NegotiateResponse;
import dev.tracery.v1.RunOutcome;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Tools that start, on sample kernels.
final class NegotiationCases {

  private static final String SWITCH = "sched/sched_switch";
  private static final String WAKING = "sched/sched_waking";
  private static final String AMD64_5_10 = "debian-bullseye-5.10.0-46-amd64";
  private static final String AMD64_6_1 = "debian-bookworm-6.1.0-56-amd64";
  private static final String AMD64_6_12 = "debian-trixie-6.12.117-amd64";
  private static final String ARM64_16K = "debian-trixie-6.12.117-arm64-16k";
  private static final String I386 = "debian-bookworm-6.1.0-50-686-pae-i386";
  private static final String ARMHF = "debian-bookworm-6.1.0-50-armmp-armhf";
  private static final String S390X = "debian-bookworm-6.1.0-50-s390x";

  /// The example of `clients/README.md`.
  private static final Consumer SWITCHES =
      tool(
          "switches",
          needs(use(SWITCH, "prev_comm", "prev_pid", "next_comm", "next_pid", "?prev_state")));

  private static final Consumer SMALL = tool("small", needs(use(WAKING, "pid")));

  private final LocalRegistry registry;
  private final Map<String, SampleKernel> kernels;
  private final NegotiationVectors.Builder made = NegotiationVectors.newBuilder();
  private final List<String> wrong = new ArrayList<>();

  private NegotiationCases(List<SampleKernel> kernels) {
    this.registry = new LocalRegistry(kernels);
    this.kernels =
        kernels.stream().collect(Collectors.toMap(SampleKernel::id, Function.identity()));
  }

  static NegotiationVectors make(List<SampleKernel> kernels) {
    NegotiationCases cases = new NegotiationCases(kernels);
    cases.outcomes();
    cases.kernels();
    cases.requirements();
    cases.bridges();
    cases.keeping();
    cases.keptFiles();
    cases.ages();
    cases.retries();
    cases.refusedQuestions();
    cases.otherAnswers();
    // Last: layouts that are learned are a revision each.
    cases.formats();
    if (!cases.wrong.isEmpty()) {
      throw new AssertionError(String.join("\n", cases.wrong));
    }
    return cases.made.build();
  }

  private SampleKernel kernel(String id) {
    return Objects.requireNonNull(kernels.get(id), id);
  }

  private Script script(String name, String kernel, Consumer tool) {
    return new Script(registry, name, kernel(kernel), tool);
  }

  private void play(Script script) {
    try {
      made.addCases(script.play());
    } catch (AssertionError e) {
      wrong.add(String.valueOf(e.getMessage()));
    }
  }

  private void outcomes() {
    play(
        script("accepted, and a minute later from the cache", AMD64_6_1, SWITCHES)
            .start(0, FROM_REGISTRY, ANSWER)
            .start(60, FROM_CACHE)
            .start(3590, FROM_CACHE));
    play(
        script(
                "degraded: an event and a field that it would like are not there",
                AMD64_6_1,
                tool(
                    "degraded",
                    needs(use(SWITCH, "prev_pid", "?no_such_field")),
                    likes(use("sched/no_such_event", "pid")),
                    likes(use(WAKING, "prio", "no_such_field"))))
            .start(0, FROM_REGISTRY, ANSWER)
            .start(60, FROM_CACHE)
            .start(7230, OFFLINE, new Reply.Refusal(Status.Code.DEADLINE_EXCEEDED)));
    play(
        script(
                "rejected: an event is not there",
                AMD64_6_1,
                tool("rejected", needs(use("sched/no_such_event")), needs(use(SWITCH, "prev_pid"))))
            .told(
                "A refusal is kept, but the registry is asked again; offline it is a refusal, too.")
            .start(0, REFUSED, ANSWER)
            .start(60, REFUSED, ANSWER)
            .start(150, REFUSED_OFFLINE, UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, UNAVAILABLE));
    play(
        script(
                "rejected: fields are not there",
                AMD64_6_1,
                tool("rejected", needs(use(SWITCH, "prev_pid", "no_such_field", "nor_this"))))
            .start(0, REFUSED, ANSWER));
    play(
        script(
                "rejected: a field's kind changed",
                AMD64_6_12,
                tool(
                    "rejected",
                    needs(
                        use(
                            registry.layoutHash(kernel(AMD64_5_10), KIND_EVENT),
                            KIND_EVENT,
                            KIND_FIELD))))
            .start(0, REFUSED, ANSWER));
    play(
        script(
                "rejected: a field is at another place",
                AMD64_6_1,
                tool("rejected", needs(at(SWITCH, "prev_pid", 16, 4))))
            .start(0, REFUSED, ANSWER));
    play(
        script(
                "unknown: the registry does not have the kernel's BTF",
                AMD64_6_1,
                tool(
                    "unknown",
                    needs(struct(SWITCH, "trace_event_raw_sched_switch", "prev_pid")),
                    needs(use(WAKING, "pid"))))
            .start(0, FROM_REGISTRY, ANSWER)
            .start(60, FROM_CACHE));
  }

  private static final String KIND_EVENT = "f2fs/f2fs_unlink_enter";
  private static final String KIND_FIELD = "name";

  private void kernels() {
    for (String id : List.of(AMD64_5_10, AMD64_6_12, ARM64_16K, I386, ARMHF, S390X)) {
      play(
          script("accepted on " + id, id, SWITCHES)
              .start(0, FROM_REGISTRY, ANSWER)
              .start(60, FROM_CACHE));
    }
    SampleKernel known = kernel(AMD64_6_1);
    play(
        script(
                "a kernel whose build nobody knows, with layouts that are known",
                AMD64_6_1,
                SWITCHES)
            .as(other(known, "6.1.99-unknown", "#2"))
            .start(0, FROM_REGISTRY, ANSWER));
    play(
        script("a kernel that does not say its build", AMD64_6_1, SWITCHES)
            .as(other(known, known.identity().release(), ""))
            .start(0, FROM_REGISTRY, ANSWER));
    play(
        script("events that the tool does not name cannot be read", AMD64_6_1, SWITCHES)
            .format("irq/irq_handler_entry")
            .unreadable(WAKING)
            .unreadable("sched/sched_wakeup")
            .unreadable("module/module_load")
            .start(0, FROM_REGISTRY, ANSWER));
    play(
        script(
                "the kernel has no event of those that the tool would like",
                AMD64_6_1,
                tool("hopeful", likes(use("sched/no_such_event")), likes(use("no/such", "x"))))
            .format(WAKING)
            .start(0, FROM_REGISTRY, ANSWER));
    play(
        script("an event that the registry knows is not in this tracefs", AMD64_6_1, SWITCHES)
            .without(SWITCH)
            .format(WAKING)
            .start(0, REFUSED, ANSWER));
    play(
        script("ids of another boot: the same question", AMD64_6_1, SMALL)
            .told("Ids are not in the name under which an answer is kept.")
            .changed(WAKING, text -> FormatText.withId(text, 4711))
            .kept(KeptAnswer.file(NOON, script("", AMD64_6_1, SMALL).answer()))
            .start(60, FROM_CACHE));
  }

  private static KernelIdentity other(SampleKernel kernel, String release, String build) {
    KernelIdentity known = kernel.identity();
    return new KernelIdentity(release, build, known.machine(), known.target(), known.pageSize());
  }

  private void requirements() {
    play(
        script(
                "one event in several requirements is sent once, in the order of naming",
                AMD64_6_1,
                tool(
                    "several",
                    needs(use(WAKING, "pid")),
                    needs(use(SWITCH, "prev_pid")),
                    needs(use(WAKING, "prio")),
                    likes(use(SWITCH, "no_such_field")),
                    likes(use("irq/softirq_entry", "vec"), use(WAKING, "comm"))))
            .start(0, FROM_REGISTRY, ANSWER));
    play(
        script(
                "alternatives: the second use and the third name are there",
                AMD64_6_1,
                tool(
                    "alternatives",
                    needs(use("power/power_start", "type"), use("power/cpu_idle", "state")),
                    needs(use(WAKING, "no|nor|pid")),
                    likes(use("no/such"), use("nor/this", "x"))))
            .start(0, FROM_REGISTRY, ANSWER));
    play(
        script(
                "alternatives: none is there",
                AMD64_6_1,
                tool(
                    "alternatives",
                    needs(use("power/power_start", "type"), use(WAKING, "no|nor"), use("no/such"))))
            .start(0, REFUSED, ANSWER));
    play(
        script(
                "no fields: only that the event is there",
                AMD64_6_1,
                tool("exists", needs(use(WAKING))))
            .start(0, FROM_REGISTRY, ANSWER));
    play(
        script(
                "built for this kernel: no event is named",
                AMD64_6_1,
                tool("module", needs(pinned("6.1.0-56-amd64"))))
            .format(WAKING)
            .start(0, FROM_REGISTRY, ANSWER)
            .start(60, FROM_CACHE));
    play(
        script(
                "built for another kernel",
                AMD64_6_1,
                tool("module", needs(pinned("5.10.0-46-amd64")), needs(use(SWITCH, "prev_pid"))))
            .start(0, REFUSED, ANSWER));
    play(
        script(
                "a part that was built for another kernel",
                AMD64_6_1,
                tool("module", needs(use(WAKING, "pid")), likes(pinned("5.10.0-46-amd64"))))
            .start(0, FROM_REGISTRY, ANSWER)
            .start(60, FROM_CACHE));
    play(
        script(
                "text that is not ASCII",
                AMD64_6_1,
                SMALL.toBuilder()
                    .setName("gr\u00f6\u00dfe-\u65e5\u672c-\ud83d\ude00")
                    .setSource("\u00fcber")
                    .build())
            .start(0, FROM_REGISTRY, ANSWER)
            .start(60, FROM_CACHE));
  }

  private void bridges() {
    play(
        script(
                "accepted with a bridged field: a note",
                AMD64_6_1,
                tool("bridged", needs(use("xfs/xfs_buf_read", "bno", "buffer_length"))))
            .start(0, FROM_REGISTRY, ANSWER)
            .start(60, FROM_CACHE));
    play(
        script(
                "degraded with bridged fields: notes and warnings",
                AMD64_6_12,
                tool(
                    "bridged",
                    needs(use("xfs/xfs_buf_get", "buffer_length", "?no_such_field")),
                    likes(use("pagemap/mm_lru_insertion", "page")),
                    likes(use("no/such"))))
            .start(0, FROM_REGISTRY, ANSWER)
            .start(7230, OFFLINE, UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, UNAVAILABLE));
  }

  private void keeping() {
    play(
        script("the answer is too old, and the registry is asked again", AMD64_6_1, SMALL)
            .start(0, FROM_REGISTRY, ANSWER)
            .start(3610, FROM_REGISTRY, ANSWER)
            .start(3700, FROM_CACHE));
    play(
        script("the clock was set back, and the registry is asked again", AMD64_6_1, SMALL)
            .start(0, FROM_REGISTRY, ANSWER)
            .start(-600, FROM_REGISTRY, ANSWER)
            .start(-500, FROM_CACHE));
    play(
        script("the clock was set back, and the registry cannot be reached", AMD64_6_1, SMALL)
            .start(0, FROM_REGISTRY, ANSWER)
            .start(-600, OFFLINE, new Reply.Refusal(Status.Code.DEADLINE_EXCEEDED)));
    play(
        script("a question only: its answer is a start's, too", AMD64_6_1, SMALL)
            .dry()
            .start(0, FROM_REGISTRY, ANSWER)
            .start(60, FROM_CACHE)
            .dry()
            .start(120, FROM_CACHE)
            .dry()
            .start(7230, FROM_REGISTRY, ANSWER));
    play(
        script(
                "a question only, and a refusal",
                AMD64_6_1,
                tool("rejected", needs(use("sched/no_such_event"))))
            .format(WAKING)
            .dry()
            .start(0, REFUSED, ANSWER)
            .dry()
            .start(60, REFUSED, ANSWER));
    play(
        script("an answer that may not be used again is used only offline", AMD64_6_1, SMALL)
            .start(0, FROM_REGISTRY, new Reply.Registry(a -> a.toBuilder().clearCacheFor().build()))
            .start(1, FROM_REGISTRY, new Reply.Registry(a -> a.toBuilder().clearCacheFor().build()))
            .start(60, OFFLINE, new Reply.Refusal(Status.Code.DEADLINE_EXCEEDED)));
    NegotiateResponse answer = script("", AMD64_6_1, SMALL).answer();
    play(
        script("a refusal that was kept, mended since", AMD64_6_1, SMALL)
            .kept(
                KeptAnswer.file(
                    NOON, answer.toBuilder().setOutcome(RunOutcome.RUN_OUTCOME_REJECTED).build()))
            .start(10, FROM_REGISTRY, ANSWER)
            .start(20, FROM_CACHE));
  }

  private void keptFiles() {
    NegotiateResponse answer = script("", AMD64_6_1, SMALL).answer();
    byte[] good = KeptAnswer.file(NOON, answer);
    play(
        script("a file that another language kept", AMD64_6_1, SMALL)
            .kept(good)
            .start(60, FROM_CACHE)
            .start(7230, OFFLINE, new Reply.Refusal(Status.Code.DEADLINE_EXCEEDED)));
    byte[] before1970 = KeptAnswer.file(java.time.Instant.ofEpochSecond(-10), answer);
    play(
        script("a file that was kept before 1970", AMD64_6_1, SMALL)
            .kept(before1970)
            .start(60, FROM_REGISTRY, ANSWER));
    damaged("its last byte is another", good, file -> file[file.length - 1] ^= 1);
    damaged("its time is another", good, file -> file["tracery-answer 1\n".length() + 7] ^= 1);
    damaged("its hash is another", good, file -> file["tracery-answer 1\n".length() + 8] ^= 1);
    damaged("a byte too long", Arrays.copyOf(good, good.length + 1), _ -> {});
    damaged("a byte too short", Arrays.copyOf(good, good.length - 1), _ -> {});
    damaged("cut after the hash", Arrays.copyOf(good, 17 + 8 + 32), _ -> {});
    damaged("cut in the hash", Arrays.copyOf(good, 30), _ -> {});
    damaged("empty", new byte[0], _ -> {});
    damaged(
        "of another version",
        KeptAnswer.file("tracery-answer 2\n", NOON, answer.toByteArray()),
        _ -> {});
    damaged(
        "no protobuf, with the right hash",
        KeptAnswer.file("tracery-answer 1\n", NOON, new byte[] {(byte) 0xff, 1, 2}),
        _ -> {});
  }

  private void damaged(String how, byte[] file, java.util.function.Consumer<byte[]> change) {
    byte[] damaged = file.clone();
    change.accept(damaged);
    play(
        script("a kept file that is damaged: " + how, AMD64_6_1, SMALL)
            .told("It is removed and costs nothing else.")
            .kept(damaged)
            .start(60, UNREACHABLE, new Reply.Refusal(Status.Code.DEADLINE_EXCEEDED))
            .kept(damaged)
            .start(120, FROM_REGISTRY, ANSWER)
            .start(180, FROM_CACHE));
  }

  private void ages() {
    byte[] kept = KeptAnswer.file(NOON, script("", AMD64_6_1, SMALL).answer());
    Script script =
        script("how old an answer is, in words", AMD64_6_1, SMALL)
            .told("Each start is offline, though an answer of less than an hour would do.");
    long minute = 60;
    long hour = 60 * minute;
    long day = 24 * hour;
    // Why so short: what is younger than this would be used without asking.
    byte[] never =
        KeptAnswer.file(
            NOON, script("", AMD64_6_1, SMALL).answer().toBuilder().clearCacheFor().build());
    for (long age :
        List.of(
            0L,
            50L,
            minute,
            minute + 50,
            2 * minute,
            59 * minute,
            60 * minute,
            119 * minute + 50,
            120 * minute,
            3 * hour - 10,
            3 * hour,
            47 * hour + 59 * minute,
            48 * hour,
            3 * day - 10,
            3 * day,
            1000 * day)) {
      script
          .kept(age < hour ? never : kept)
          .start(age, OFFLINE, new Reply.Refusal(Status.Code.DEADLINE_EXCEEDED));
    }
    play(script);
  }

  private void retries() {
    for (int times = 1; times <= 3; times++) {
      Reply[] replies = new Reply[times + 1];
      Arrays.fill(replies, UNAVAILABLE);
      replies[times] = ANSWER;
      play(
          script("UNAVAILABLE, times " + times + ", and then an answer", AMD64_6_1, SMALL)
              .start(0, FROM_REGISTRY, replies));
    }
    Reply[] four = {UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, UNAVAILABLE};
    play(
        script("UNAVAILABLE for ever, and nothing is kept", AMD64_6_1, SMALL)
            .start(0, UNREACHABLE, four));
    play(
        script("UNAVAILABLE for ever, and an old answer is kept", AMD64_6_1, SWITCHES)
            .start(0, FROM_REGISTRY, ANSWER)
            .start(7230, OFFLINE, four)
            .start(7330, FROM_REGISTRY, UNAVAILABLE, ANSWER)
            .start(7430, FROM_CACHE));
    play(
        script("DEADLINE_EXCEEDED, and nothing is kept", AMD64_6_1, SMALL)
            .start(0, UNREACHABLE, new Reply.Refusal(Status.Code.DEADLINE_EXCEEDED)));
    play(
        script("UNAVAILABLE, then DEADLINE_EXCEEDED, and nothing is kept", AMD64_6_1, SMALL)
            .start(0, UNREACHABLE, UNAVAILABLE, new Reply.Refusal(Status.Code.DEADLINE_EXCEEDED)));
    play(
        script("UNAVAILABLE, then a refused question", AMD64_6_1, SMALL)
            .start(
                0,
                failed(Status.Code.INVALID_ARGUMENT),
                UNAVAILABLE,
                new Reply.Refusal(Status.Code.INVALID_ARGUMENT)));
    play(
        script("DEADLINE_EXCEEDED, and an old answer is kept", AMD64_6_1, SMALL)
            .start(0, FROM_REGISTRY, ANSWER)
            .start(7230, OFFLINE, new Reply.Refusal(Status.Code.DEADLINE_EXCEEDED)));
  }

  private void refusedQuestions() {
    for (Status.Code code :
        List.of(
            Status.Code.PERMISSION_DENIED,
            Status.Code.INVALID_ARGUMENT,
            Status.Code.UNAUTHENTICATED,
            Status.Code.RESOURCE_EXHAUSTED,
            Status.Code.INTERNAL,
            Status.Code.UNIMPLEMENTED,
            Status.Code.ABORTED,
            Status.Code.UNKNOWN,
            Status.Code.NOT_FOUND,
            Status.Code.CANCELLED)) {
      play(
          script(code + " is not tried again, and no kept answer replaces it", AMD64_6_1, SMALL)
              .start(0, failed(code), new Reply.Refusal(code))
              .start(10, FROM_REGISTRY, ANSWER)
              .start(7230, failed(code), new Reply.Refusal(code)));
    }
  }

  private void otherAnswers() {
    play(
        script("an answer with fields that this version does not know", AMD64_6_1, SMALL)
            .start(
                0,
                FROM_REGISTRY,
                new Reply.Registry(answer ->
                    answer.toBuilder()
                        .setUnknownFields(
                            UnknownFieldSet.newBuilder()
                                .addField(
                                    500, UnknownFieldSet.Field.newBuilder().addVarint(7).build())
                                .build())
                        .build()))
            .start(60, FROM_CACHE));
    play(
        script(
                "reasons that nobody explained",
                AMD64_6_1,
                tool(
                    "silent",
                    needs(use(SWITCH, "prev_pid", "no_such_field")),
                    needs(use("no/such")),
                    needs(use(WAKING, "pid", "no_such_field"))))
            .start(0, REFUSED, new Reply.Registry(NegotiationCases::silent)));
    play(
        script(
                "a requirement that is explained, and its field, too",
                AMD64_6_1,
                tool("loud", needs(use(SWITCH, "prev_pid", "no_such_field"))))
            .start(
                0,
                REFUSED,
                new Reply.Registry(answer -> {
                  NegotiateResponse.Builder loud = answer.toBuilder();
                  loud.getRequirementsBuilder(0)
                      .setReason(FitReason.FIT_REASON_ORDER_CHANGED)
                      .setExplanation("this comes first");
                  return loud.build();
                })));
  }

  private static NegotiateResponse silent(NegotiateResponse answer) {
    NegotiateResponse.Builder silent = answer.toBuilder();
    silent
        .getRequirementsBuilderList()
        .forEach(fit -> {
          fit.clearExplanation();
          fit.getFieldsBuilderList().forEach(FieldFit.Builder::clearExplanation);
        });
    silent
        .getRequirementsBuilder(2)
        .getFieldsBuilder(1)
        .setReason(FitReason.FIT_REASON_STORAGE_CHANGED);
    return silent.build();
  }

  private void formats() {
    play(
        script(
                "a layout that nobody knows: its text is asked for",
                AMD64_6_1,
                tool(
                    "curious",
                    needs(use(SWITCH, "prev_pid", "new_one")),
                    likes(use(WAKING, "pid"))))
            .changed(SWITCH, text -> FormatText.withField(text, "new_one"))
            .start(0, FROM_REGISTRY, ANSWER, ANSWER)
            .start(60, FROM_CACHE));
    play(
        script(
                "two layouts that nobody knows",
                AMD64_6_1,
                tool(
                    "curious",
                    needs(use(SWITCH, "prev_pid", "new_two")),
                    likes(use("irq/softirq_entry", "vec")),
                    needs(use(WAKING, "pid", "new_two"))))
            .changed(SWITCH, text -> FormatText.withField(text, "new_two"))
            .changed(WAKING, text -> FormatText.withField(text, "new_two"))
            .start(0, FROM_REGISTRY, UNAVAILABLE, ANSWER, UNAVAILABLE, ANSWER)
            .start(60, FROM_CACHE));
    play(
        script(
                "a text is asked for, and then the tool cannot run",
                AMD64_6_1,
                tool("curious", needs(use(SWITCH, "prev_pid", "no_such_field"))))
            .changed(SWITCH, text -> FormatText.withField(text, "new_three"))
            .start(0, REFUSED, ANSWER, ANSWER)
            .start(60, REFUSED, ANSWER));
    play(
        script(
                "the tool cannot run in any case, and a text is asked for",
                AMD64_6_1,
                tool("curious", needs(use("no/such")), needs(use(SWITCH, "prev_pid", "new_four"))))
            .changed(SWITCH, text -> FormatText.withField(text, "new_four"))
            .start(0, REFUSED, ANSWER, ANSWER));
    play(
        script(
                "a text is asked for, and the call with it fails",
                AMD64_6_1,
                tool("curious", needs(use(SWITCH, "prev_pid", "new_five"))))
            .changed(SWITCH, text -> FormatText.withField(text, "new_five"))
            .start(
                0,
                failed(Status.Code.INVALID_ARGUMENT),
                ANSWER,
                new Reply.Refusal(Status.Code.INVALID_ARGUMENT))
            .start(10, UNREACHABLE, ANSWER, new Reply.Refusal(Status.Code.DEADLINE_EXCEEDED)));
    Reply still =
        new Reply.Registry(answer ->
            answer.toBuilder()
                .setOutcome(RunOutcome.RUN_OUTCOME_UNKNOWN)
                .clearNeedFormats()
                .addNeedFormats(WAKING)
                .build());
    play(
        script(
                "texts are asked for twice: they are sent once, and the answer is not kept",
                AMD64_6_1,
                SMALL)
            .start(0, FROM_REGISTRY, still, still)
            .start(10, FROM_REGISTRY, still, ANSWER)
            .start(20, FROM_CACHE));
    play(
        script("a text is asked for that the tool does not have", AMD64_6_1, SMALL)
            .told("It sends the texts that it has, and asks once more.")
            .start(
                0,
                FROM_REGISTRY,
                new Reply.Registry(answer ->
                    answer.toBuilder().addNeedFormats("no/such").addNeedFormats(WAKING).build()),
                ANSWER)
            .start(60, FROM_CACHE));
  }
}
