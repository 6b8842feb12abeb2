package dev.tracery.trace;

import dev.tracery.diagnostic.SourceLocation;
import java.io.IOException;

/// Pages as they are in the file.
final class StoredPages implements PageSource {

  private final CpuRegion region;
  private final long end;
  private long page;
  private long next;

  StoredPages(CpuRegion region) {
    this.region = region;
    this.page = region.offset();
    this.next = region.offset();
    this.end = region.offset() + region.size();
  }

  @Override
  public int next(byte[] into) throws IOException {
    int length = (int) Math.min(into.length, end - next);
    if (length <= 0) {
      return -1;
    }
    page = next;
    if (!region.file().copy(next, into, 0, length)) {
      region.shrank(page, end - page);
      next = end;
      return -1;
    }
    next += length;
    return length;
  }

  @Override
  public SourceLocation here() {
    return region.file().at(page);
  }

  @Override
  public long position() {
    return page;
  }

  @Override
  public long consumed() {
    return next - region.offset();
  }
}
