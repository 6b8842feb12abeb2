package dev.tracery.grpc.wire;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Duration;
import dev.tracery.model.EventName;
import dev.tracery.registry.Negotiation.Answer;
import dev.tracery.registry.Negotiation.Reading;
import dev.tracery.v1.NegotiateResponse;
import java.io.IOException;

/// Writes how a tool runs here, as the bytes of a [NegotiateResponse]: its largest part, how events
/// are read, comes as bytes and is only copied.
public final class NegotiationWriter {

  private NegotiationWriter() {}

  /// The bytes of the answer.
  public static byte[] write(Answer answer) {
    NegotiateResponse.Builder small =
        NegotiateResponse.newBuilder()
            .setOutcome(FitWriter.write(answer.outcome()))
            .addAllApiVersions(QuestionReader.API_VERSIONS)
            .setCacheFor(
                Duration.newBuilder()
                    .setSeconds(answer.cacheFor().getSeconds())
                    .setNanos(answer.cacheFor().getNano()))
            .setRevision(answer.revision());
    answer.requirements().forEach(fit -> small.addRequirements(FitWriter.write(fit)));
    answer.needFormats().stream().map(EventName::toString).forEach(small::addNeedFormats);
    answer.kernel().ifPresent(small::setKernel);
    NegotiateResponse rest = small.build();
    int size = rest.getSerializedSize();
    for (Reading reading : answer.events()) {
      size +=
          CodedOutputStream.computeBytesSize(
              NegotiateResponse.EVENTS_FIELD_NUMBER, reading.message());
    }
    byte[] bytes = new byte[size];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      rest.writeTo(out);
      // Fields of a message may come in any order.
      for (Reading reading : answer.events()) {
        out.writeBytes(NegotiateResponse.EVENTS_FIELD_NUMBER, reading.message());
      }
    } catch (IOException e) {
      throw new AssertionError("writing to memory", e);
    }
    out.checkNoSpaceLeft();
    return bytes;
  }
}
