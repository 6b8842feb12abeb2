package dev.tracery.registry.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.model.Sha256;
import dev.tracery.registry.Compatibility.Check;
import dev.tracery.registry.Compatibility.Report;
import dev.tracery.registry.Compatibility.Unmet;
import dev.tracery.registry.Registry.Registration;
import dev.tracery.registry.Registry.RegistrationResult;
import dev.tracery.registry.Registry.RegistryChange;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.index.CommitReader;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.index.KernelEntry;
import dev.tracery.registry.log.Commit;
import dev.tracery.registry.log.Entry;
import dev.tracery.store.MemoryStore;
import dev.tracery.store.Store;
import dev.tracery.v1.EventStruct;
import dev.tracery.v1.KernelTypes;
import dev.tracery.v1.MemberKind;
import dev.tracery.v1.Parameter;
import dev.tracery.v1.ParameterList;
import dev.tracery.v1.StructMember;
import dev.tracery.v1.Tracepoint;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What kernels' BTF says, registered, kept and answered.
class TypesTest {

  private static final TestKernel OLD = TestKernel.of("6.1", "a/one: int x", "b/two: u64 y");
  private static final TestKernel NEW = OLD.withRelease("6.2");

  private static final Tracepoint ONE = tracepoint("one", "struct task_struct *", "bool");
  private static final Tracepoint TWO = tracepoint("two", "u64");
  private static final EventStruct ONES =
      struct("trace_event_raw_one", member("x", "int", MemberKind.MEMBER_KIND_INTEGER));
  private static final KernelTypes TYPES = types(List.of(ONE, TWO), ONES);

  private final MemoryStore.Disk disk = new MemoryStore.Disk();
  private final LogRegistry registry = open(new MemoryStore(disk));

  private static LogRegistry open(Store store) {
    return new LogRegistry(
        store,
        new RegistryLimits(5, 4_000, 1 << 20, 10, 3, 500, 1 << 20, 1 << 20, 1 << 20),
        "test");
  }

  private static Tracepoint tracepoint(String name, String... types) {
    ParameterList.Builder list = ParameterList.newBuilder();
    for (String type : types) {
      list.addParameters(Parameter.newBuilder().setType(type).setName("p"));
    }
    return Tracepoint.newBuilder().setName(name).setParameters(list).build();
  }

  private static EventStruct struct(String name, StructMember... members) {
    return EventStruct.newBuilder()
        .setName(name)
        .setSize(8)
        .addAllMembers(List.of(members))
        .build();
  }

  private static StructMember member(String name, String type, MemberKind kind) {
    return StructMember.newBuilder()
        .setName(name)
        .setType(type)
        .setBitSize(32)
        .setKind(kind)
        .setSigned(true)
        .build();
  }

  private static KernelTypes types(List<Tracepoint> tracepoints, EventStruct... structs) {
    return KernelTypes.newBuilder()
        .addAllTracepoints(tracepoints)
        .addAllStructs(List.of(structs))
        .build();
  }

  private RegistrationResult register(TestKernel kernel, KernelTypes... parts) {
    return register(kernel, false, parts);
  }

  private RegistrationResult register(
      TestKernel kernel, boolean validateOnly, KernelTypes... parts) {
    try (Registration registration = registry.register(kernel.identity(), Optional.empty())) {
      for (KernelTypes part : parts) {
        registration.addTypes(part);
      }
      kernel
          .events()
          .forEach(event ->
              registration.add(
                  event.name(),
                  event.id(),
                  event.name() + "/format",
                  event.text(),
                  Optional.empty()));
      return registration.finish(validateOnly);
    }
  }

  private List<String> entries(int revision) throws IOException {
    List<String> kinds = new ArrayList<>();
    for (Store.Commit commit : new MemoryStore(disk).read(revision - 1, 1)) {
      for (Entry entry : Commit.parseFrom(commit.entries()).getEntriesList()) {
        kinds.add(entry.getEntryCase().name());
      }
    }
    return kinds;
  }

  @Test
  void a_kernel_with_btf_answers_what_it_says() {
    RegistrationResult result = register(OLD, TYPES);
    assertTrue(result.typesAdded());
    assertTrue(result.kernel().typesFingerprint().isPresent());
    assertEquals(Optional.of(TYPES), registry.types("6.1", "", 0));
    assertEquals(Optional.of(types(List.of(TWO))), registry.types("6.1", "t*", 0));
    assertEquals(Optional.of(types(List.of(ONE), ONES)), registry.types("6.1", "one", 0));
    assertEquals(Optional.of(types(List.of())), registry.types("6.1", "three", 0));
    assertEquals(
        List.of(new RegistryChange.KernelRegistered(registry.kernel("6.1", 0))),
        registry.changes(0, 1).getFirst().changes().stream()
            .filter(change -> !(change instanceof RegistryChange.SchemaVersionAdded))
            .toList());
  }

  @Test
  void a_kernel_without_btf_says_so() {
    RegistrationResult result = register(OLD);
    assertFalse(result.typesAdded());
    assertEquals(Optional.empty(), result.kernel().typesFingerprint());
    assertEquals(Optional.empty(), registry.types("6.1", "", 0));
  }

  @Test
  void parts_may_come_in_any_split_and_order() {
    Sha256 whole = register(OLD, TYPES).kernel().typesFingerprint().orElseThrow();
    RegistrationResult split =
        register(NEW, types(List.of(TWO)), types(List.of(), ONES), types(List.of(ONE)));
    assertEquals(Optional.of(whole), split.kernel().typesFingerprint());
  }

  @Test
  void the_log_has_each_content_once() throws IOException {
    register(OLD, TYPES);
    register(NEW, TYPES);
    Tracepoint changed = tracepoint("two", "u64", "int");
    register(OLD.withRelease("6.3"), types(List.of(ONE, changed), ONES));
    assertEquals(
        List.of(
            "TRACEPOINT_ADDED",
            "TRACEPOINT_ADDED",
            "STRUCT_ADDED",
            "TYPES_ADDED",
            "KERNEL_TYPES_ADDED"),
        entries(1).subList(entries(1).size() - 5, entries(1).size()));
    assertEquals(List.of("KERNEL_REGISTERED", "KERNEL_TYPES_ADDED"), entries(2));
    assertEquals(
        List.of("KERNEL_REGISTERED", "TRACEPOINT_ADDED", "TYPES_ADDED", "KERNEL_TYPES_ADDED"),
        entries(3));
    assertEquals(Optional.of(types(List.of(ONE, changed), ONES)), registry.types("6.3", "", 0));
  }

  @Test
  void siblings_share_what_is_the_same() {
    register(OLD, TYPES);
    register(NEW, TYPES);
    register(OLD.withRelease("6.3"), types(List.of(ONE)));
    Index index = new Index();
    new MemoryStore(disk)
        .read(0, 9)
        .forEach(commit -> index.apply(CommitReader.read(index, commit)));
    List<KernelEntry> kernels = index.kernels("", 0, 9, 3);
    assertSame(kernels.get(0).types(3).orElseThrow(), kernels.get(1).types(3).orElseThrow());
    assertSame(
        kernels.get(0).types(3).orElseThrow().tracepoint("one").orElseThrow(),
        kernels.get(2).types(3).orElseThrow().tracepoint(0));
  }

  @Test
  void btf_can_be_added_later() throws IOException {
    register(OLD);
    RegistrationResult result = register(OLD, TYPES);
    assertFalse(result.created());
    assertTrue(result.typesAdded());
    assertEquals(2, result.revision());
    assertEquals(
        List.of(
            "TRACEPOINT_ADDED",
            "TRACEPOINT_ADDED",
            "STRUCT_ADDED",
            "TYPES_ADDED",
            "KERNEL_TYPES_ADDED"),
        entries(2));
    assertEquals(Optional.empty(), registry.types("6.1", "", 1));
    assertEquals(Optional.empty(), registry.kernel("6.1", 1).typesFingerprint());
    assertEquals(Optional.of(TYPES), registry.types("6.1", "", 2));
    assertEquals(
        List.of(new RegistryChange.TypesAdded(result.kernel().id())),
        registry.changes(1, 1).getFirst().changes());
  }

  @Test
  void btf_that_comes_with_a_known_kernel_is_judged() {
    try (LogRegistry wide = new LogRegistry(new MemoryStore(), RegistryLimits.DEFAULT, "test")) {
      OLD.registerIn(wide, "s");
      wide.consumers()
          .declare(
              TestConsumers.tool(
                  "tool",
                  "1",
                  """
                  requirements { any_of {
                    event: 'a/one' access: ACCESS_CLASS_RAW_ARGS
                    parameters { parameters { type: 'long' } } } }
                  """),
              List.of(),
              false,
              false);

      Report without = check(wide);
      Report with = check(wide, TYPES);

      assertEquals(
          List.of("the kernel's BTF is not known"),
          without.unknown().stream().map(Unmet::reason).toList());
      assertEquals(
          List.of("parameter 1: long → struct task_struct *p"),
          with.unmet().stream().map(Unmet::reason).toList());
      assertEquals(List.of(), with.unknown());
    }
  }

  private static Report check(LogRegistry registry, KernelTypes... types) {
    try (Check check = registry.compatibility().check(OLD.identity(), "s")) {
      OLD.events()
          .forEach(
              event -> check.add(event.name(), event.id(), event.hash(OLD.identity().target())));
      for (KernelTypes part : types) {
        check.addTypes(part);
      }
      return check.finish().report();
    }
  }

  @Test
  void the_same_btf_again_changes_nothing() {
    register(OLD, TYPES);
    RegistrationResult again = register(OLD, TYPES);
    assertFalse(again.typesAdded());
    assertEquals(1, again.revision());
    assertFalse(register(OLD).typesAdded());
    assertEquals(Optional.of(TYPES), registry.types("6.1", "", 0));
  }

  @Test
  void other_btf_for_the_same_kernel_is_refused() {
    RegistrationResult first = register(OLD, TYPES);
    RegistryException refused =
        assertThrows(RegistryException.class, () -> register(OLD, types(List.of(ONE))));
    assertEquals(
        "FAILED_PRECONDITION the kernel "
            + first.kernel().id()
            + " is registered with other BTF, of the fingerprint "
            + first.kernel().typesFingerprint().orElseThrow()
            + "; what is given now has fbd3; is it the BTF of another build?",
        refused.code()
            + " "
            + String.valueOf(refused.getMessage()).replaceAll("has [0-9a-f]{64}", "has fbd3"));
    assertEquals(1, registry.head());
  }

  @Test
  void validating_stores_nothing() {
    RegistrationResult result = register(OLD, true, TYPES);
    assertTrue(result.typesAdded());
    assertTrue(result.kernel().typesFingerprint().isPresent());
    assertEquals(0, registry.head());
  }

  @Test
  void a_replay_and_an_import_answer_the_same() throws IOException {
    register(OLD, TYPES);
    register(NEW);
    register(NEW, types(List.of(tracepoint("one", "int"))));
    LogRegistry replayed = open(new MemoryStore(disk));
    ByteArrayOutputStream export = new ByteArrayOutputStream();
    registry.export(export, 0);
    LogRegistry imported = open(new MemoryStore());
    imported.importFrom(new ByteArrayInputStream(export.toByteArray()));
    for (LogRegistry other : List.of(replayed, imported)) {
      for (int revision = 1; revision <= 3; revision++) {
        assertEquals(Answers.at(registry, revision), Answers.at(other, revision));
        assertEquals(registry.types("6.1", "", revision), other.types("6.1", "", revision));
      }
      assertEquals(registry.types("6.2", "", 0), other.types("6.2", "", 0));
    }
    ByteArrayOutputStream again = new ByteArrayOutputStream();
    imported.export(again, 0);
    assertArrayEquals(export.toByteArray(), again.toByteArray());
  }

  record Bad(String what, Consumer<KernelTypes.Builder> change, String expected) {
    @Override
    public String toString() {
      return what;
    }
  }

  static List<Bad> bad() {
    return List.of(
        new Bad(
            "a tracepoint without a name",
            types -> types.addTracepoints(tracepoint("")),
            "INVALID_ARGUMENT types.tracepoints[2].name: expected a name in C but found \"\""),
        new Bad(
            "a tracepoint of another language",
            types -> types.addTracepoints(tracepoint("on\ne")),
            "INVALID_ARGUMENT types.tracepoints[2].name: expected a name in C but found"
                + " \"on\\x0ae\""),
        new Bad(
            "a tracepoint twice",
            types -> types.addTracepoints(ONE),
            "INVALID_ARGUMENT types.tracepoints[2].name: the tracepoint one is given more than"
                + " once"),
        new Bad(
            "a parameter without a type",
            types -> types.setTracepoints(1, tracepoint("two", "int", "")),
            "INVALID_ARGUMENT types.tracepoints[1].parameters.parameters[1].type: expected a type in"
                + " C of 1 to 4096 printable ASCII characters but found \"\""),
        new Bad(
            "a struct of something else",
            types -> types.setStructs(0, struct("task_struct")),
            "INVALID_ARGUMENT types.structs[0].name: expected a name in C that begins with"
                + " trace_event_raw_ but found \"task_struct\""),
        new Bad(
            "a member without a kind",
            types ->
                types.setStructs(
                    0,
                    struct(
                        "trace_event_raw_a",
                        member("x", "int", MemberKind.MEMBER_KIND_UNSPECIFIED))),
            "INVALID_ARGUMENT types.structs[0].members[0].kind: expected a kind but found 0"),
        new Bad(
            "a member's name that is none",
            types ->
                types.setStructs(
                    0,
                    struct("trace_event_raw_a", member("é", "int", MemberKind.MEMBER_KIND_OTHER))),
            "INVALID_ARGUMENT types.structs[0].members[0].name: expected a name in C but found"
                + " \"é\""),
        new Bad(
            "too many parameters",
            types ->
                types.setTracepoints(
                    0,
                    tracepoint(
                        "one", IntStream.range(0, 11).mapToObj(_ -> "u").toArray(String[]::new))),
            "INVALID_ARGUMENT types.tracepoints[0].parameters.parameters: expected at most 10 but"
                + " found 11"),
        new Bad(
            "too many of them",
            types -> types.addTracepoints(tracepoint("three")),
            "RESOURCE_EXHAUSTED the kernel has more than 3 tracepoints and structs, which is the"
                + " limit; set tracery.limits.types-per-kernel to raise it"),
        new Bad(
            "too much of them",
            types -> types.setTracepoints(0, tracepoint("one", "x".repeat(500))),
            "RESOURCE_EXHAUSTED the kernel has more than 500 bytes of BTF, which is the limit; set"
                + " tracery.limits.types-bytes to raise it"));
  }

  @ParameterizedTest
  @MethodSource
  void bad(Bad bad) {
    KernelTypes.Builder types = TYPES.toBuilder();
    bad.change().accept(types);
    RegistryException refused =
        assertThrows(RegistryException.class, () -> register(OLD, types.build()));
    assertEquals(bad.expected(), refused.code() + " " + refused.getMessage());
    assertEquals(0, registry.head());
  }
}
