package dev.tracery.store.postgres;

import java.util.Iterator;
import java.util.List;

/// The statement with which the store appends, for measuring what the database makes of it.
public final class AppendStatement {

  private AppendStatement() {}

  /// Makes the store's tables in an empty database.
  public static void prepare(String url, String password) {
    new PostgresStore(Settings.of(url, password), () -> {}).close();
  }

  /// The statement, with `values` in the places of its parameters: revision, checksum, packing,
  /// size, entries, append, expected head, append of the expected head, then hashes, packings,
  /// sizes and contents of blobs, and the text of the notification.
  ///
  /// @throws IllegalArgumentException if it has another number of parameters
  public static String with(List<String> values) {
    StringBuilder statement = new StringBuilder();
    Iterator<String> value = values.iterator();
    for (char c : Schema.APPEND_AND_NOTIFY.toCharArray()) {
      if (c != '?') {
        statement.append(c);
      } else if (value.hasNext()) {
        statement.append(value.next());
      } else {
        throw new IllegalArgumentException("the statement has more parameters");
      }
    }
    if (value.hasNext()) {
      throw new IllegalArgumentException("the statement has fewer parameters");
    }
    return statement.toString();
  }
}
