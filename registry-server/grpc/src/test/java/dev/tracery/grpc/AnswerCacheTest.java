package dev.tracery.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tracery.model.EventName;
import dev.tracery.registry.Registry.Schema;
import dev.tracery.v1.GetSchemaRequest;
import dev.tracery.v1.GetSchemaResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnswerCacheTest {

  private static final GetSchemaRequest SWITCH =
      GetSchemaRequest.newBuilder().setEvent("sched/sched_switch").build();
  private static final GetSchemaRequest WAKEUP =
      GetSchemaRequest.newBuilder().setEvent("sched/sched_wakeup").build();
  private static final String ASKED_SWITCH = "schema sched/sched_switch Latest[] [DESCRIPTOR] 0";
  private static final String ASKED_WAKEUP = "schema sched/sched_wakeup Latest[] [DESCRIPTOR] 0";

  private final TestServer server = new TestServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void the_same_question_at_the_same_head_has_the_same_answer_without_asking_the_registry() {
    server.registry.schema = version(1);
    GetSchemaResponse first = server.calls().getSchema(SWITCH);
    server.registry.schema = version(2);
    assertEquals(first, server.calls().getSchema(SWITCH));
    assertEquals(List.of(ASKED_SWITCH), server.registry.asked);
  }

  @Test
  void another_question_is_another_answer() {
    server.registry.schema = version(1);
    server.calls().getSchema(SWITCH);
    server.registry.schema = version(2);
    assertEquals(2, server.calls().getSchema(WAKEUP).getVersion());
    assertEquals(List.of(ASKED_SWITCH, ASKED_WAKEUP), server.registry.asked);
  }

  @Test
  void an_answer_is_forgotten_when_the_head_moves() {
    server.registry.schema = version(1);
    server.calls().getSchema(SWITCH);
    server.registry.schema = version(2);
    server.registry.append(List.of());
    assertEquals(2, server.calls().getSchema(SWITCH).getVersion());
  }

  @Test
  void an_answer_is_forgotten_with_the_registry_that_gave_it() {
    server.registry.schema = version(1);
    server.calls().getSchema(SWITCH);
    FakeRegistry other = new FakeRegistry();
    other.schema = version(2);
    server.current.set(other);
    assertEquals(2, server.calls().getSchema(SWITCH).getVersion());
  }

  @Test
  void without_a_registry_there_is_no_answer_to_what_was_answered_before() {
    server.registry.schema = version(1);
    server.calls().getSchema(SWITCH);
    server.current.clear(server.registry);
    StatusRuntimeException refused =
        assertThrows(StatusRuntimeException.class, () -> server.calls().getSchema(SWITCH));
    assertEquals(Status.Code.UNAVAILABLE, refused.getStatus().getCode());
  }

  @Test
  void a_refusal_is_not_remembered() {
    TestServer.refusal(() -> server.calls().getSchema(SWITCH));
    server.registry.schema = version(1);
    assertEquals(1, server.calls().getSchema(SWITCH).getVersion());
  }

  private static Schema version(int version) {
    return new Schema(
        EventName.parse("sched/sched_switch"),
        version,
        "linux.sched.SchedSwitch",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        1);
  }
}
