package dev.tracery.translate.guard;

import dev.tracery.translator.EventTranslator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A foreign translator within one stream. Foreign code never runs in [#translate]: a [BatchCursor]
/// has had the record translated ahead, on another thread, and where that failed the interpreter
/// stands in. Not thread-safe.
public final class GuardedTranslator implements EventTranslator {

  private static final int MESSAGE_BASE = 4_096;
  private static final int MESSAGE_FACTOR = 32;

  private final EventTranslator foreign;
  private final EventTranslator standIn;
  private final Suspect bundle;
  private final MessageCheck check;
  private byte @Nullable [] ahead;

  /// @param standIn translates what `foreign` does not
  /// @param check what a message must be
  public GuardedTranslator(
      EventTranslator foreign, EventTranslator standIn, Suspect bundle, MessageCheck check) {
    this.foreign = foreign;
    this.standIn = standIn;
    this.bundle = bundle;
    this.check = check;
  }

  Suspect bundle() {
    return bundle;
  }

  /// Calls foreign code: on a thread for that only. Another thread may use this object meanwhile.
  ///
  /// @param record a copy, which foreign code may keep
  /// @return the message, checked, in an array that foreign code has never seen
  byte[] translateForeign(byte[] record) throws ForeignFailure {
    int room = foreign.maxMessageSize(record.length);
    long most = MESSAGE_BASE + (long) MESSAGE_FACTOR * record.length;
    if (room < 0 || room > most) {
      throw new ForeignFailure(
          "it wants "
              + room
              + " bytes for the message of a record of "
              + record.length
              + ", where at most "
              + most
              + " are given");
    }
    byte[] out = new byte[room];
    int end = foreign.translate(record, 0, record.length, out, 0);
    if (end < 0 || end > room) {
      throw new ForeignFailure(
          "it says that a message ends at byte " + end + " of " + room + " that it was given");
    }
    byte[] message = Arrays.copyOf(out, end);
    String problem = check.problem(message);
    if (!problem.isEmpty()) {
      throw new ForeignFailure("what it wrote is no message of its schema: " + problem);
    }
    return message;
  }

  /// Which message the next record that is translated becomes.
  ///
  /// @param message null where the interpreter is to translate it
  void next(byte @Nullable [] message) {
    ahead = message;
  }

  @Override
  public int maxMessageSize(int recordLength) {
    byte[] message = ahead;
    return message == null ? standIn.maxMessageSize(recordLength) : message.length;
  }

  @Override
  public int translate(byte[] bytes, int offset, int length, byte[] out, int position) {
    byte[] message = ahead;
    if (message == null) {
      return standIn.translate(bytes, offset, length, out, position);
    }
    System.arraycopy(message, 0, out, position, message.length);
    return position + message.length;
  }
}
