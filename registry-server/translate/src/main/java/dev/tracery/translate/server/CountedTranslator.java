package dev.tracery.translate.server;

import dev.tracery.translator.EventTranslator;

/// A translator of this server's own bundle within one stream, whose records are counted. Not
/// thread-safe.
final class CountedTranslator implements EventTranslator {

  // Why: a shared counter is not touched for every record.
  private static final int MANY = 4_096;

  private final EventTranslator translator;
  private final HostedBundle bundle;
  private int pending;

  CountedTranslator(EventTranslator translator, HostedBundle bundle) {
    this.translator = translator;
    this.bundle = bundle;
  }

  @Override
  public int maxMessageSize(int recordLength) {
    return translator.maxMessageSize(recordLength);
  }

  @Override
  public int translate(byte[] bytes, int offset, int length, byte[] out, int position) {
    if (++pending == MANY) {
      flush();
    }
    return translator.translate(bytes, offset, length, out, position);
  }

  /// Adds what was not added yet.
  void flush() {
    bundle.count(pending);
    pending = 0;
  }
}
