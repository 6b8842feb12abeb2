package dev.tracery.bridge.linux510;

import dev.tracery.translator.BridgedField;
import dev.tracery.translator.FieldBridge;
import java.util.List;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Component;

/// Fields of Linux 5.10 that later kernels have under other names or in other units.
@Component
public final class Linux510Fields implements FieldBridge {

  /// XFS counts in "basic blocks" of 512 bytes (`BBSHIFT` 9, fs/xfs/libxfs/xfs_fs.h).
  private static final int BASIC_BLOCK = 512;

  private static final List<String> XFS_BUFFER_EVENTS =
      List.of("xfs_buf_find", "xfs_buf_get", "xfs_buf_ioerror", "xfs_buf_read");

  @Override
  public List<BridgedField> fields() {
    return Stream.concat(pages(), buffers()).toList();
  }

  /// "mm/lru: Convert __pagevec_lru_add_fn to take a folio" and "mm/swap: Add folio_activate()",
  /// Matthew Wilcox, July 2021: `struct page *page` became `struct folio *folio`. A folio's address
  /// is that of its first page, and only first pages are on the lists.
  private static Stream<BridgedField> pages() {
    return Stream.of("pagemap/mm_lru_insertion", "pagemap/mm_lru_activate")
        .map(event -> BridgedField.renamed(event, "page", "folio"));
  }

  /// "xfs: standardize remaining xfs_buf length tracepoints", Darrick J. Wong, August 2021: what
  /// was `buffer_length = BBTOB(bp->b_length)` became `length = bp->b_length`.
  private static Stream<BridgedField> buffers() {
    return XFS_BUFFER_EVENTS.stream()
        .map(event ->
            BridgedField.renamed("xfs/" + event, "buffer_length", "length").times(BASIC_BLOCK));
  }
}
