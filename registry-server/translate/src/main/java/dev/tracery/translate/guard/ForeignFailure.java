package dev.tracery.translate.guard;

/// Foreign code did not do what it should. The message says what it did.
public final class ForeignFailure extends Exception {

  private static final long serialVersionUID = 1;

  public ForeignFailure(String what) {
    super(what);
  }

  /// What foreign code threw, in words. Its own words are bounded, and asking for them may fail,
  /// too.
  static String words(Throwable thrown) {
    String type = thrown.getClass().getName();
    try {
      String message = thrown.getMessage();
      if (message == null || message.isBlank()) {
        return "it threw " + type;
      }
      StringBuilder text = new StringBuilder("it threw " + type + ": ");
      message
          .codePoints()
          .limit(200)
          .map(c -> Character.isISOControl(c) ? ' ' : c)
          .forEach(text::appendCodePoint);
      return text.toString();
    } catch (Throwable _) {
      return "it threw " + type;
    }
  }
}
