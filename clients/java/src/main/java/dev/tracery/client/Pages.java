package dev.tracery.client;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;

/// A listing that asks for its next page when the last one is used up. Each iterator begins anew;
/// one iterator's pages are of one revision.
final class Pages<T> implements Iterable<T> {

  /// One page.
  ///
  /// @param nextToken empty on the last page
  record Page<T>(List<T> items, String nextToken) {}

  private final Function<String, Page<T>> pageOfToken;

  Pages(Function<String, Page<T>> pageOfToken) {
    this.pageOfToken = pageOfToken;
  }

  @Override
  public Iterator<T> iterator() {
    return new Iterator<>() {
      private Page<T> page = pageOfToken.apply("");
      private int next;

      @Override
      public boolean hasNext() {
        while (next == page.items().size() && !page.nextToken().isEmpty()) {
          page = pageOfToken.apply(page.nextToken());
          next = 0;
        }
        return next < page.items().size();
      }

      @Override
      public T next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return page.items().get(next++);
      }
    };
  }
}
