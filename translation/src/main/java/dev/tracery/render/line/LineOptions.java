package dev.tracery.render.line;

/// How lines look.
///
/// @param style whose
/// @param threadGroups a `saved_tgids`, for [LineStyle#FTRACE]: the kernel's lines have a column of
///   them where its option `record-tgid` is on. Empty for none
/// @param overwritten whether the ring buffers had dropped their oldest events, for
///   [LineStyle#FTRACE]: the kernel says then where each CPU begins
public record LineOptions(LineStyle style, byte[] threadGroups, boolean overwritten) {

  /// Lines as `trace-cmd report` writes them.
  public static final LineOptions REPORT = new LineOptions(LineStyle.REPORT, new byte[0], false);

  /// Lines as the kernel writes them by default.
  public static final LineOptions FTRACE = new LineOptions(LineStyle.FTRACE, new byte[0], false);
}
