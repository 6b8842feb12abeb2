package dev.tracery.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.tracery.v1.RawPages;
import dev.tracery.v1.TraceItem;
import dev.tracery.v1.TranslateRequest;
import dev.tracery.v1.TranslateResponse;
import dev.tracery.v1.TranslateStart;
import dev.tracery.v1.TranslationServiceGrpc.TranslationServiceBlockingV2Stub;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// A trace that a server translates, item by item. Flow control works both ways: the server waits
/// where nobody takes its items, and then takes no more of the trace, so that neither side holds
/// more than a few answers. One thread may send while another iterates; of raw pages it should be
/// two, because who only sends would wait for ever once the answers that nobody takes are too many.
/// [#close] may be called from any thread and ends the call.
public final class TranslatedTrace implements Iterator<TraceItem>, AutoCloseable {

  private static final int CHUNK_BYTES = 256 << 10;

  private final BlockingClientCall<TranslateRequest, TranslateResponse> call;
  private TranslateResponse answer = TranslateResponse.getDefaultInstance();
  private int next;
  private boolean ended;

  TranslatedTrace(TranslationServiceBlockingV2Stub stub, TranslateStart start) {
    this.call = stub.translate();
    send(TranslateRequest.newBuilder().setStart(start).build());
  }

  /// Sends a whole file, and says that it is whole. `in` stays open.
  ///
  /// What the server has against the file is thrown by [#hasNext].
  ///
  /// @throws IOException if `in` cannot be read; then the call has ended
  public void sendFile(InputStream in) throws IOException {
    try {
      for (byte[] chunk = in.readNBytes(CHUNK_BYTES);
          chunk.length > 0;
          chunk = in.readNBytes(CHUNK_BYTES)) {
        ByteString bytes = UnsafeByteOperations.unsafeWrap(chunk);
        if (!send(TranslateRequest.newBuilder().setFileChunk(bytes).build())) {
          return;
        }
      }
    } catch (IOException e) {
      close();
      throw e;
    }
    end();
  }

  /// Sends some whole pages of one CPU, 1 MiB at most. Blocks while the server takes no more.
  ///
  /// @return false if the server takes nothing any more: [#hasNext] says why
  public boolean sendPages(int cpu, byte[] pages) {
    return send(
        TranslateRequest.newBuilder()
            .setPages(
                RawPages.newBuilder().setCpu(cpu).setPages(UnsafeByteOperations.unsafeWrap(pages)))
            .build());
  }

  /// Says that no more will come.
  public void end() {
    call.halfClose();
  }

  private boolean send(TranslateRequest part) {
    try {
      return Calls.answer(() -> call.write(part));
    } catch (TraceryException e) {
      // Why: the answer says more than that nothing can be sent any more.
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      return false;
    }
  }

  /// Waits for the next item.
  ///
  /// @return false after the last
  /// @throws TraceryException if the server refuses the trace, or goes away
  @Override
  public boolean hasNext() {
    while (next == answer.getItemsCount() && !ended) {
      @Nullable TranslateResponse more = Calls.answer(call::read);
      next = 0;
      ended = more == null;
      answer = more == null ? TranslateResponse.getDefaultInstance() : more;
    }
    return next < answer.getItemsCount();
  }

  @Override
  public TraceItem next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return answer.getItems(next++);
  }

  @Override
  public void close() {
    call.cancel("closed", null);
  }
}
