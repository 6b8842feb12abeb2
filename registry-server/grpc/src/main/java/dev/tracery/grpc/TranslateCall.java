package dev.tracery.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.tracery.grpc.status.DiagnosticWriter;
import dev.tracery.grpc.status.ErrorReason;
import dev.tracery.grpc.status.Refusal;
import dev.tracery.grpc.status.Violations;
import dev.tracery.grpc.stream.Inbound;
import dev.tracery.grpc.stream.OutboundCall;
import dev.tracery.grpc.wire.TranslateReader;
import dev.tracery.registry.RegistryException;
import dev.tracery.translation.Answers;
import dev.tracery.translation.TraceJob;
import dev.tracery.translation.Translation;
import dev.tracery.translation.Translation.Source;
import dev.tracery.v1.TranslateRequest;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One translation, from its start to its end. Whatever ends the stream early drops it.
///
/// @param idle how long the caller may not take any answers
record TranslateCall(
    CurrentTranslation current,
    Inbound<TranslateRequest> requests,
    OutboundCall<byte[]> call,
    Duration idle) {

  /// The largest chunk, as the protocol says.
  private static final int MAX_CHUNK_BYTES = 1 << 20;

  void run() {
    Translation.Request request = start(requests.next());
    try (TraceJob job = current.translation().begin(request, answers())) {
      int message = 1;
      TranslateRequest part;
      while ((part = requests.next()) != null) {
        message++;
        take(part, message, job, request.source() instanceof Source.TraceFile);
      }
      job.finish();
    } catch (RegistryException e) {
      throw refusal(e);
    }
  }

  private static void take(TranslateRequest part, int message, TraceJob job, boolean isFile) {
    switch (part.getPartCase()) {
      case FILE_CHUNK -> {
        if (!isFile) {
          throw misplaced(message, "pages were announced, but it carries a chunk of a file");
        }
        checkSize("file_chunk", part.getFileChunk());
        job.file(part.getFileChunk().toByteArray());
      }
      case PAGES -> {
        if (isFile) {
          throw misplaced(message, "a file was announced, but it carries pages");
        }
        checkSize("pages.pages", part.getPages().getPages());
        job.pages(part.getPages().getCpu(), part.getPages().getPages().toByteArray());
      }
      case START -> throw misplaced(message, "it carries a second start");
      case PART_NOT_SET -> throw misplaced(message, "it carries nothing");
    }
  }

  /// Refuses a chunk that is larger than the protocol allows.
  static void checkSize(String field, ByteString chunk) {
    if (chunk.size() > MAX_CHUNK_BYTES) {
      Violations violations = new Violations();
      violations.add(
          field,
          String.format(
              "at most %,d bytes are allowed at a time, not %,d", MAX_CHUNK_BYTES, chunk.size()));
      violations.check();
    }
  }

  private Answers answers() {
    return new Answers() {
      @Override
      public void send(byte[] response) {
        call.send(response, idle);
      }

      @Override
      public void check() {
        call.doorbell().check();
      }
    };
  }

  private static Translation.Request start(@Nullable TranslateRequest first) {
    Violations violations = new Violations();
    if (first == null) {
      violations.add("start", "the stream ended without one; send the start first, then the trace");
    } else if (!first.hasStart()) {
      violations.add("start", "the first message must carry it");
    }
    violations.check();
    return TranslateReader.read(
        first == null ? TranslateRequest.getDefaultInstance().getStart() : first.getStart());
  }

  private static StatusRuntimeException misplaced(int message, String problem) {
    Violations violations = new Violations();
    violations.add("part", "message " + message + ": " + problem);
    return violations.refusal();
  }

  /// What is wrong with a trace is told as such, not as a defect of a request's field.
  private static RuntimeException refusal(RegistryException e) {
    if (e.code() != RegistryException.Code.INVALID_ARGUMENT || e.diagnostics().isEmpty()) {
      return e;
    }
    List<Message> details =
        e.diagnostics().stream().map(found -> (Message) DiagnosticWriter.write(found)).toList();
    return new Refusal(ErrorReason.TRACE_INVALID, String.valueOf(e.getMessage()), details)
        .toException();
  }
}
