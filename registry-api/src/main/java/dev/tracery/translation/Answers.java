package dev.tracery.translation;

/// Where the translated trace goes.
public interface Answers {

  /// Gives one answer to the caller: blocks until there is room for it. So a caller that takes
  /// nothing stops the translation, and nothing piles up.
  ///
  /// @param response a serialized [dev.tracery.v1.TranslateResponse]; belongs to this from now on
  void send(byte[] response);

  /// Throws if the caller has gone, or does not want to wait any longer. To be asked now and then
  /// where nothing is sent.
  void check();
}
