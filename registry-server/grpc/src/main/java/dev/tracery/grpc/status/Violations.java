package dev.tracery.grpc.status;

import com.google.rpc.BadRequest;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;

/// What is wrong with the fields of one request, all of it. Not thread-safe.
public final class Violations {

  private static final int MAX_SHOWN = 10;
  private static final int MAX_FIELD_BYTES = 200;
  private static final int MAX_DESCRIPTION_BYTES = 300;

  private final List<BadRequest.FieldViolation> shown = new ArrayList<>();
  private int count;

  /// Notes one problem.
  ///
  /// @param field the path from the request: `header.identity.page_size`, `events.events[3].event`
  /// @param description what is expected and what was found
  public void add(String field, String description) {
    count++;
    if (shown.size() < MAX_SHOWN) {
      shown.add(
          BadRequest.FieldViolation.newBuilder()
              .setField(BoundedText.cut(field, MAX_FIELD_BYTES))
              .setDescription(BoundedText.cut(description, MAX_DESCRIPTION_BYTES))
              .build());
    }
  }

  /// Whether nothing is wrong so far.
  public boolean isEmpty() {
    return count == 0;
  }

  /// Throws INVALID_ARGUMENT if something is wrong.
  public void check() {
    if (count > 0) {
      throw refusal();
    }
  }

  /// INVALID_ARGUMENT with what is wrong, which must be something.
  public StatusRuntimeException refusal() {
    return new Refusal(ErrorReason.REQUEST_INVALID, message(), List.of(toBadRequest()))
        .toException();
  }

  BadRequest toBadRequest() {
    return BadRequest.newBuilder().addAllFieldViolations(shown).build();
  }

  private String message() {
    BadRequest.FieldViolation first = shown.getFirst();
    String text =
        first.getField().isEmpty()
            ? first.getDescription()
            : first.getField() + ": " + first.getDescription();
    return count == 1 ? text : text + " (and " + (count - 1) + " more)";
  }
}
