package dev.tracery.cli;

import dev.tracery.client.negotiate.Negotiated;
import dev.tracery.v1.EventReading;
import dev.tracery.v1.NegotiateResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// How a tool runs as JSON: the registry's answer as `answer`, and where it comes from. Protobuf's
/// JSON has no extensions, and a descriptor without its options has lost the C types and symbols;
/// so the file of each event stands beside the answer as it is, in Base64, as `files`.
final class NegotiatedJson {

  private NegotiatedJson() {}

  static String line(Negotiated negotiated) {
    NegotiateResponse.Builder answer = negotiated.answer().toBuilder();
    List<String> files = new ArrayList<>();
    for (EventReading.Builder event : answer.getEventsBuilderList()) {
      files.add('"' + Base64.getEncoder().encodeToString(event.getFile().toByteArray()) + '"');
      event.clearFile();
    }
    return "{\"source\":\""
        + negotiated.source()
        + "\",\"ageSeconds\":"
        + negotiated.age().toSeconds()
        + ",\"answer\":"
        + Json.line(answer)
        + ",\"files\":["
        + String.join(",", files)
        + "]}";
  }
}
