package dev.tracery.cli;

import picocli.CommandLine.Option;

/// At which revision a command reads.
final class RevisionOption {

  @Option(
      names = "--at-revision",
      paramLabel = "N",
      description = "Read the registry as it was at revision N. Default: as it is now.")
  private long revision;

  /// 0 is now.
  long get() {
    if (revision < 0) {
      throw CommandFailure.wrongUse("--at-revision: expected 0 or more but found " + revision);
    }
    return revision;
  }

  /// ` at revision 3`, or nothing if it is now.
  String suffix() {
    return revision == 0 ? "" : " at revision " + revision;
  }
}
