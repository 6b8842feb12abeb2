package dev.tracery.render.evaluate;

/// Thrown where a print format needs what neither the record nor the format says. Caught by the
/// renderer, which then writes the record's raw fields.
public final class NotEvaluable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// @param reason what is missing, for people: `the size of struct page`
  public NotEvaluable(String reason) {
    // Why no stack trace: it can come with every record of an event.
    super(reason, null, false, false);
  }

  /// What is missing.
  public String reason() {
    return String.valueOf(getMessage());
  }
}
