package dev.tracery.translator;

import java.util.List;

/// Fills fields that a kernel renamed, split or rescaled, under the names that tools know: an OSGi
/// service. A bridge is data: it says once what comes from where, and everything that reads records
/// does it, in any language. So no code of the bundle runs where records are read, and nothing that
/// it does can harm a stream.
///
/// ```java
/// @Component
/// public final class FolioBridge implements FieldBridge {
///   @Override
///   public List<BridgedField> fields() {
///     return List.of(
///         // A folio's address is that of its first page.
///         BridgedField.renamed("pagemap/mm_lru_insertion", "page", "folio"),
///         // It was bytes, and is blocks of 512.
///         BridgedField.renamed("xfs/xfs_buf_read", "buffer_length", "length").times(512));
///   }
/// }
/// ```
///
/// A tool that asks for `page` on a kernel that has `folio` is then accepted, and is told of it.
/// Where two bridges fill the same field of a record, the one with the higher `service.ranking` is
/// taken. `docs/bridges.md` has a bundle from its first line to its removal.
@FunctionalInterface
public interface FieldBridge {

  /// What it fills. Asked once, when the service comes; what is said later needs another service.
  ///
  /// A bridge that throws, takes longer than a few seconds, or names more than 10,000 fields is
  /// ignored, and the server's log says so.
  List<BridgedField> fields();
}
