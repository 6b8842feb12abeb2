package dev.tracery.translation;

/// One trace that is translated. One thread uses it. A method throws what refuses the trace, and
/// what [Answers] throws; then nothing but [#close] may follow.
public interface TraceJob extends AutoCloseable {

  /// Takes the next bytes of a file.
  void file(byte[] chunk);

  /// Takes some whole pages of one CPU, and answers what they become.
  void pages(int cpu, byte[] pages);

  /// Answers what is left, after the last chunk or page.
  void finish();

  /// Gives back everything that the job holds: its file, its translators. Closing twice does no
  /// harm.
  @Override
  void close();
}
