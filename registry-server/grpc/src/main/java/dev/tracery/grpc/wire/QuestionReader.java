package dev.tracery.grpc.wire;

import com.google.rpc.PreconditionFailure;
import dev.tracery.consumer.Consumer;
import dev.tracery.consumer.ConsumerReader;
import dev.tracery.grpc.status.ErrorReason;
import dev.tracery.grpc.status.Refusal;
import dev.tracery.grpc.status.Violations;
import dev.tracery.model.EventName;
import dev.tracery.registry.Negotiation.Question;
import dev.tracery.registry.Negotiation.SeenEvent;
import dev.tracery.v1.NegotiateRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Reads what a tool asks when it starts.
public final class QuestionReader {

  /// The versions of this API that the server speaks, the preferred one first.
  public static final List<String> API_VERSIONS = List.of("tracery.v1");

  private static final int MAX_EVENTS = 1_000;
  private static final int MAX_VERSIONS = 100;
  // Why: common_type has 2 bytes in every record.
  private static final int MAX_ID = 0xffff;

  private QuestionReader() {}

  /// The question.
  ///
  /// @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT naming every field that is wrong;
  ///   FAILED_PRECONDITION if caller and server speak no version in common
  public static Question read(NegotiateRequest request) {
    checkVersions(request);
    Violations violations = new Violations();
    List<SeenEvent> seen = seen(request, violations);
    ConsumerReader.Result tool = ConsumerReader.read("tool", request.getTool());
    tool.problems().forEach(problem -> violations.add(problem.field(), problem.message()));
    violations.check();
    Consumer consumer = tool.consumer().orElseThrow();
    return new Question(
        consumer, IdentityReader.read("kernel", request.getKernel()), seen, request.getDryRun());
  }

  private static void checkVersions(NegotiateRequest request) {
    List<String> spoken = request.getApiVersionsList();
    if (spoken.isEmpty() || spoken.stream().anyMatch(API_VERSIONS::contains)) {
      return;
    }
    Violations violations = new Violations();
    if (spoken.size() > MAX_VERSIONS) {
      violations.add(
          "api_versions", "at most " + MAX_VERSIONS + " are allowed, not " + spoken.size());
    }
    for (int i = 0; i < Math.min(MAX_VERSIONS, spoken.size()); i++) {
      RequestFields.name("api_versions[" + i + "]", spoken.get(i), violations);
    }
    violations.check();
    String message =
        "api_versions: the server speaks "
            + String.join(", ", API_VERSIONS)
            + " but the caller only "
            + String.join(", ", spoken);
    throw new Refusal(
            ErrorReason.STATE_UNSUITABLE,
            message,
            List.of(
                PreconditionFailure.newBuilder()
                    .addViolations(
                        PreconditionFailure.Violation.newBuilder()
                            .setType("API_VERSION")
                            .setSubject("api_versions")
                            .setDescription(
                                message.length() > 300 ? message.substring(0, 300) : message))
                    .build()))
        .toException();
  }

  private static List<SeenEvent> seen(NegotiateRequest request, Violations violations) {
    int count = request.getEventsCount();
    if (count > MAX_EVENTS) {
      violations.add(
          "events",
          "at most "
              + MAX_EVENTS
              + " are allowed, not "
              + count
              + "; send those that the tool names");
      return List.of();
    }
    List<SeenEvent> seen = new ArrayList<>(count);
    Set<EventName> names = new HashSet<>();
    for (int i = 0; i < count; i++) {
      dev.tracery.v1.SeenEvent event = request.getEvents(i);
      String path = "events[" + i + "]";
      EventName name = RequestFields.event(path + ".event", event.getEvent(), violations);
      if (!names.add(name) && violations.isEmpty()) {
        violations.add(path + ".event", name + " is given more than once");
      }
      if (event.getId() < 0 || event.getId() > MAX_ID) {
        violations.add(
            path + ".id",
            "expected 0 to " + MAX_ID + " but found " + Integer.toUnsignedString(event.getId()));
      }
      seen.add(
          new SeenEvent(
              name,
              event.getId(),
              RequestFields.hash(path + ".layout_hash", event.getLayoutHash(), violations),
              event.getText().isEmpty() ? null : event.getText().toByteArray()));
    }
    return seen;
  }
}
