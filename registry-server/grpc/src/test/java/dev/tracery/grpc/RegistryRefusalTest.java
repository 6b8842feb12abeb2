package dev.tracery.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.rpc.Status;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import dev.tracery.diagnostic.SourceLocation;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.RegistryException.Code;
import dev.tracery.store.StoreException;
import dev.tracery.v1.GetKernelRequest;
import dev.tracery.v1.GetStatusRequest;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the registry or its store refuses, as the caller sees it: once on the transport's thread
/// and once on a thread of the call's own.
final class RegistryRefusalTest {

  private final TestServer server = new TestServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void invalid_argument_names_the_field() {
    assertRefused(
        new RegistryException(Code.INVALID_ARGUMENT, "filter", "no glob"),
        """
        INVALID_ARGUMENT: no glob
        ErrorInfo { reason: "REQUEST_INVALID" domain: "tracery.dev" }
        BadRequest { field_violations { field: "filter" description: "no glob" } }
        """);
  }

  @Test
  void not_found_names_the_resource_and_its_type() {
    String layout = "0123456789abcdef".repeat(4);
    for (String[] resource :
        new String[][] {{"kernel", "6.9"}, {"event", "sched/x"}, {"layout", layout}}) {
      assertRefused(
          new RegistryException(Code.NOT_FOUND, resource[1], "not here"),
          """
          NOT_FOUND: not here
          ErrorInfo { reason: "RESOURCE_NOT_FOUND" domain: "tracery.dev" }
          ResourceInfo { resource_type: "%s" resource_name: "%s" description: "not here" }
          """
              .formatted(resource[0], resource[1]));
    }
  }

  @Test
  void failed_precondition_says_what_is_in_the_way() {
    assertRefused(
        new RegistryException(Code.FAILED_PRECONDITION, "registry", "it is not empty"),
        """
        FAILED_PRECONDITION: it is not empty
        ErrorInfo { reason: "STATE_UNSUITABLE" domain: "tracery.dev" }
        PreconditionFailure { violations { type: "STATE" subject: "registry" description: "it is not empty" } }
        """);
  }

  @Test
  void resource_exhausted_names_the_limit() {
    assertRefused(
        new RegistryException(Code.RESOURCE_EXHAUSTED, "events", "more than 65536"),
        """
        RESOURCE_EXHAUSTED: more than 65536
        ErrorInfo { reason: "LIMIT_EXCEEDED" domain: "tracery.dev" }
        QuotaFailure { violations { subject: "events" description: "more than 65536" } }
        """);
  }

  @Test
  void out_of_range_names_the_field() {
    assertRefused(
        new RegistryException(Code.OUT_OF_RANGE, "at_revision", "not yet"),
        """
        OUT_OF_RANGE: not yet
        ErrorInfo { reason: "REVISION_NOT_REACHED" domain: "tracery.dev" }
        BadRequest { field_violations { field: "at_revision" description: "not yet" } }
        """);
  }

  @Test
  void data_loss_is_told() {
    assertRefused(
        new RegistryException(Code.DATA_LOSS, "", "damaged at byte 17"),
        """
        DATA_LOSS: damaged at byte 17
        ErrorInfo { reason: "DATA_DAMAGED" domain: "tracery.dev" }
        """);
  }

  @Test
  void unavailable_says_when_to_try_again() {
    assertRefused(
        new RegistryException(Code.UNAVAILABLE, "", "the store is busy"),
        """
        UNAVAILABLE: the store is busy
        ErrorInfo { reason: "STORE_UNAVAILABLE" domain: "tracery.dev" }
        RetryInfo { retry_delay { seconds: 1 } }
        """);
  }

  @Test
  void the_stores_own_failures_have_codes_too() {
    assertRefused(
        new StoreException(StoreException.Reason.FULL, "no room left"),
        """
        RESOURCE_EXHAUSTED: no room left
        ErrorInfo { reason: "STORE_FULL" domain: "tracery.dev" }
        QuotaFailure { violations { subject: "store" description: "no room left" } }
        """);
    assertRefused(
        new StoreException(StoreException.Reason.REWOUND, "put back"),
        """
        UNAVAILABLE: put back
        ErrorInfo { reason: "STORE_UNAVAILABLE" domain: "tracery.dev" }
        RetryInfo { retry_delay { seconds: 1 } }
        """);
    assertRefused(
        new StoreException(StoreException.Reason.UNAVAILABLE, "away"),
        """
        UNAVAILABLE: away
        ErrorInfo { reason: "STORE_UNAVAILABLE" domain: "tracery.dev" }
        RetryInfo { retry_delay { seconds: 1 } }
        """);
    assertRefused(
        new StoreException(StoreException.Reason.CORRUPT, "page 3"),
        """
        DATA_LOSS: page 3
        ErrorInfo { reason: "DATA_DAMAGED" domain: "tracery.dev" }
        """);
    assertRefused(
        new StoreException(StoreException.Reason.UNUSABLE, "newer than this program"),
        """
        FAILED_PRECONDITION: newer than this program
        ErrorInfo { reason: "STATE_UNSUITABLE" domain: "tracery.dev" }
        PreconditionFailure { violations { type: "STATE" subject: "store" description: "newer than this program" } }
        """);
  }

  @Test
  void a_refusal_that_the_store_caused_has_the_stores_reason() {
    RegistryException refused = new RegistryException(Code.RESOURCE_EXHAUSTED, "store", "full");
    refused.initCause(new StoreException(StoreException.Reason.FULL, "no room left"));
    assertRefused(
        refused,
        """
        RESOURCE_EXHAUSTED: no room left
        ErrorInfo { reason: "STORE_FULL" domain: "tracery.dev" }
        QuotaFailure { violations { subject: "store" description: "no room left" } }
        """);
  }

  @Test
  void formats_with_errors_are_refused_with_diagnostics() {
    assertRefused(
        new RegistryException(
            Code.INVALID_ARGUMENT, "events", "1 error", List.of(diagnostic(7, "overlaps"))),
        """
        INVALID_ARGUMENT: 1 error
        ErrorInfo { reason: "FORMATS_INVALID" domain: "tracery.dev" }
        Diagnostic { severity: SEVERITY_ERROR code: "FIELD_OVERLAPS" file: "sched/sched_switch/format" line: 7 column: 2 byte_offset: 99 message: "overlaps" hint: "mind the gap" }
        """);
  }

  @Test
  void diagnostics_that_do_not_fit_into_the_headers_are_counted() {
    List<Diagnostic> diagnostics = new ArrayList<>();
    for (int line = 1; line <= 3000; line++) {
      diagnostics.add(diagnostic(line, "ü".repeat(1000)));
    }
    server.registry.failure =
        new RegistryException(
            Code.INVALID_ARGUMENT, "events", "very bad: " + "é".repeat(5000), diagnostics);

    StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, this::callDirectly);

    Status status = Objects.requireNonNull(StatusProto.fromThrowable(refused));
    int shown = status.getDetailsCount() - 1;
    assertTrue(shown > 3, "shows " + shown);
    assertTrue(status.getSerializedSize() <= 4500, "takes " + status.getSerializedSize());
    assertTrue(
        status.getMessage().endsWith("... (and " + (3000 - shown) + " details more)"),
        status.getMessage());
  }

  @Test
  void a_defect_is_told_by_an_id_only() {
    server.registry.failure = new IllegalStateException("secret");
    String refusal = TestServer.refusal(this::callDirectly);
    String id = refusal.replaceAll("(?s).*value: \"([0-9a-f]{16})\".*", "$1");
    assertEquals(
        "INTERNAL: a defect of the server; its log has the details under the id "
            + id
            + "\nErrorInfo { reason: \"SERVER_DEFECT\" domain: \"tracery.dev\" metadata { key: \"id\""
            + " value: \""
            + id
            + "\" } }\n",
        refusal);
  }

  @Test
  void an_error_is_a_defect_too_and_the_server_lives() {
    server.registry.failure = new StackOverflowError();
    assertTrue(TestServer.refusal(this::callDirectly).startsWith("INTERNAL: "));
    assertTrue(TestServer.refusal(this::callOnAThread).startsWith("INTERNAL: "));
    server.registry.failure = null;
    callOnAThread();
  }

  @Test
  void without_a_registry_calls_are_unavailable() {
    server.current.clear(server.registry);
    String expected =
        """
        UNAVAILABLE: the registry is not up yet or is being replaced; try again in a moment
        ErrorInfo { reason: "REGISTRY_UNAVAILABLE" domain: "tracery.dev" }
        RetryInfo { retry_delay { seconds: 1 } }
        """;
    assertEquals(expected, TestServer.refusal(this::callDirectly));
    assertEquals(expected, TestServer.refusal(this::callOnAThread));
  }

  private void assertRefused(RuntimeException thrown, String expected) {
    server.registry.failure = thrown;
    assertEquals(expected, TestServer.refusal(this::callDirectly));
    assertEquals(expected, TestServer.refusal(this::callOnAThread));
  }

  private void callDirectly() {
    server.calls().getKernel(GetKernelRequest.newBuilder().setKernel("6.9").build());
  }

  private void callOnAThread() {
    server.admin().getStatus(GetStatusRequest.getDefaultInstance());
  }

  private static Diagnostic diagnostic(int line, String message) {
    return new Diagnostic(
        Severity.ERROR,
        "FIELD_OVERLAPS",
        SourceLocation.inText("sched/sched_switch/format", line, 2, 99),
        message,
        "mind the gap");
  }
}
