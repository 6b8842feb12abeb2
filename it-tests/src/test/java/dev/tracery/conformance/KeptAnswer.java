package dev.tracery.conformance;

import com.google.protobuf.Message;
import dev.tracery.model.Sha256;
import dev.tracery.v1.NegotiateRequest;
import dev.tracery.v1.SeenEvent;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// A file of the cache folder, as `clients/conformance/README.md` says it.
final class KeptAnswer {

  private KeptAnswer() {}

  static String name(NegotiateRequest request) {
    NegotiateRequest.Builder question = request.toBuilder().clearDryRun();
    question.getEventsBuilderList().forEach(SeenEvent.Builder::clearId);
    return Sha256.of(question.build().toByteArray()).hex() + ".answer";
  }

  static byte[] file(Instant time, Message answer) {
    return file("tracery-answer 1\n", time, answer.toByteArray());
  }

  static byte[] file(String magic, Instant time, byte[] answer) {
    byte[] millis = ByteBuffer.allocate(8).putLong(time.toEpochMilli()).array();
    ByteArrayOutputStream hashed = new ByteArrayOutputStream();
    hashed.writeBytes(millis);
    hashed.writeBytes(answer);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(magic.getBytes(StandardCharsets.US_ASCII));
    file.writeBytes(millis);
    file.writeBytes(Sha256.of(hashed.toByteArray()).bytes());
    file.writeBytes(answer);
    return file.toByteArray();
  }
}
