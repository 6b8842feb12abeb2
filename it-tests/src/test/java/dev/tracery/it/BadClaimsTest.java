package dev.tracery.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import dev.tracery.client.ClientOptions;
import dev.tracery.client.IdentityWriter;
import dev.tracery.client.TraceryClient;
import dev.tracery.client.TraceryException;
import dev.tracery.compiler.layout.CanonicalForm;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Target;
import dev.tracery.v1.AccessClass;
import dev.tracery.v1.DeclareConsumerRequest;
import dev.tracery.v1.EventUse;
import dev.tracery.v1.FieldUse;
import dev.tracery.v1.NegotiateRequest;
import dev.tracery.v1.SeenEvent;
import dev.tracery.v1.Waiver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Claims, waivers and questions that must be refused, by a real server: the field is told, and the
/// registry stays as it was.
class BadClaimsTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final KernelIdentity KERNEL =
      new KernelIdentity("6.1.0", "", "x86_64", Target.LITTLE_64, 4096);
  private static final EventUse PID =
      EventUse.newBuilder()
          .setEvent("bad/one")
          .setAccess(AccessClass.ACCESS_CLASS_BY_NAME)
          .addFields(FieldUse.newBuilder().addNames("pid"))
          .build();
  private static final dev.tracery.v1.Consumer TOOL = tool("pid-tool", PID);
  private static final Waiver WAIVER =
      Waiver.newBuilder()
          .setName("w")
          .setReason("nobody runs it")
          .setAuthor("ops")
          .setSeries("fleet")
          .setEvent("bad/one")
          .build();

  @TempDir static Path data;
  @TempDir Path folder;
  private static ServerProcess server;
  private static TraceryClient client;
  private long revision;

  @BeforeAll
  static void start() throws IOException {
    server = ServerProcess.start(data.resolve("registry"));
    client = TraceryClient.connect(server.address(), ClientOptions.defaults());
    LittleKernel.write(data, "6.1.0", "pid")
        .given("register", server.address(), "--series", "fleet")
        .fine();
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  @BeforeEach
  void remember_the_revision() {
    revision = client.status().getRevision();
  }

  @AfterEach
  void the_registry_is_as_it_was() {
    assertEquals(revision, client.status().getRevision());
    assertEquals(0, client.status().getConsumerVersionCount());
  }

  /// A call that is refused, and the refusal: the code, and each field with what is said of it.
  record Case(String what, Consumer<TraceryClient> call, String refusal) {
    @Override
    public String toString() {
      return what;
    }
  }

  static List<Case> cases() {
    return List.of(
        declare(
            "an event that nobody has",
            tool("t", PID.toBuilder().setEvent("bad/oen").build()),
            """
            INVALID_ARGUMENT
            consumer.requirements[0].any_of[0].event: no registered kernel has the event bad/oen; \
            did you mean bad/one?; correct it, or allow unknown events (`--allow-unknown`) \
            where the kernels that have it are still to be registered
            """),
        declare(
            "a field listed twice",
            tool("t", PID.toBuilder().addFields(PID.getFields(0)).build()),
            """
            INVALID_ARGUMENT
            consumer.requirements[0].any_of[0].fields[1].names[0]: "pid" is listed twice; \
            consumer.requirements[0].any_of[0].fields[0].names[0] has it, too
            """),
        declare(
            "an unknown access class",
            tool("t", PID.toBuilder().setAccessValue(99).build()),
            """
            INVALID_ARGUMENT
            consumer.requirements[0].any_of[0].access: expected how the event is read, \
            ACCESS_CLASS_BY_NAME (1) to ACCESS_CLASS_PINNED_KERNEL (7), but found 99
            """),
        declare(
            "a name with control characters",
            tool("off\u001b[2Jcpu", PID),
            """
            INVALID_ARGUMENT
            consumer.name: cannot contain the character U+001B, at position 4
            """),
        new Case(
            "a waiver without a reason",
            client -> client.waive(WAIVER.toBuilder().clearReason().build()),
            """
            INVALID_ARGUMENT
            waiver.reason: a waiver needs a reason: say why the break is accepted
            """),
        new Case(
            "a waiver whose reason steers the terminal",
            client -> client.waive(WAIVER.toBuilder().setReason("so\u001b[2J").build()),
            """
            INVALID_ARGUMENT
            waiver.reason: has control characters: "so\\x1b[2J"
            """),
        new Case(
            "a waiver for an event that nobody has",
            client -> client.waive(WAIVER.toBuilder().setEvent("bad/oen").build()),
            """
            INVALID_ARGUMENT
            waiver.event: no registered kernel has the event bad/oen; did you mean bad/one?
            """),
        new Case(
            "a waiver for a series that is not there",
            client -> client.waive(WAIVER.toBuilder().setSeries("fleeet").build()),
            """
            NOT_FOUND
            """),
        negotiate(
            "a hash that does not match the text",
            question().toBuilder()
                .setEvents(
                    0,
                    seen().toBuilder()
                        .setText(ByteString.copyFrom(BadFormat.good("two")).substring(1)))
                .build(),
            """
            INVALID_ARGUMENT
            events[0].text: the layout of bad/one was said to have the hash # but its format, on a \
            64-bit little-endian kernel, has #
            """),
        negotiate(
            "a hundred thousand events",
            question().toBuilder().addAllEvents(Collections.nCopies(100_000, seen())).build(),
            """
            INVALID_ARGUMENT
            events: at most 1000 are allowed, not 100001; send those that the tool names
            """));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void it_is_refused_with_the_field(Case bad) {
    TraceryException refused =
        assertThrows(TraceryException.class, () -> bad.call().accept(client));
    assertEquals(
        bad.refusal(),
        refused.code()
            + "\n"
            + refused.fieldViolations().stream()
                .map(violation -> violation.field() + ": " + violation.description() + "\n")
                .collect(Collectors.joining())
                .replaceAll("[0-9a-f]{64}", "#"));
  }

  @Test
  void files_are_refused_with_the_place() throws IOException {
    Path file = folder.resolve("bad.yaml");
    Files.writeString(
        file,
        """
        name: "off\\x1Bcpu"
        version: 1
        uses:
          - event: bad/one
            access: BY_NAME
            fields: [pid, pid]
        """);
    Outcome refused = declare(file);
    assertEquals(2, refused.status(), refused.err());
    for (String place : new String[] {":1:7: error ", ":6:"}) {
      assertEquals(true, refused.err().contains("bad.yaml" + place), refused.err());
    }

    Files.writeString(
        file, "name: t\nversion: 1\nuses:\n  - event: bad/one\n    access: BY_MAGIC\n");
    Outcome magic = declare(file);
    assertEquals(2, magic.status(), magic.err());
    assertEquals(true, magic.err().contains("bad.yaml:5:13: error "), magic.err());

    Files.writeString(
        file,
        "name: t\nversion: 1\nuses:\n  - event: bad/oen\n    access: BY_NAME\n    fields: [pid]\n");
    Outcome unknown = declare(file);
    assertEquals(2, unknown.status(), unknown.err());
    assertEquals(
        true,
        unknown.err().contains("no registered kernel has the event bad/oen; did you mean bad/one"),
        unknown.err());
  }

  private static Outcome declare(Path file) {
    return Outcome.of("consumers", "declare", "--server", server.address(), file.toString());
  }

  private static Case declare(String what, dev.tracery.v1.Consumer tool, String refusal) {
    return new Case(
        what,
        client -> client.declare(DeclareConsumerRequest.newBuilder().setConsumer(tool).build()),
        refusal);
  }

  private static Case negotiate(String what, NegotiateRequest question, String refusal) {
    return new Case(what, client -> client.negotiate(question, LONG), refusal);
  }

  private static dev.tracery.v1.Consumer tool(String name, EventUse use) {
    dev.tracery.v1.Consumer.Builder tool =
        dev.tracery.v1.Consumer.newBuilder().setName(name).setVersion("1");
    tool.addRequirementsBuilder().addAnyOf(use);
    return tool.build();
  }

  private static NegotiateRequest question() {
    return NegotiateRequest.newBuilder()
        .setTool(TOOL)
        .setKernel(IdentityWriter.write(KERNEL))
        .addEvents(seen())
        .build();
  }

  private static SeenEvent seen() {
    return SeenEvent.newBuilder()
        .setEvent("bad/one")
        .setLayoutHash(
            ByteString.copyFrom(
                CanonicalForm.hash(BadFormat.good("one"), Target.LITTLE_64).bytes()))
        .build();
  }
}
