package dev.tracery.store.postgres;

import dev.tracery.store.packing.Packing;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.zip.DataFormatException;

/// Reads columns that every table with content has.
final class Rows {

  private Rows() {}

  /// The content of the columns packing, size and content.
  ///
  /// @param from the first of the three
  /// @param name for the message
  static byte[] unpack(DatabaseUrl url, ResultSet row, int from, String name) throws SQLException {
    try {
      return Packing.of(row.getInt(from)).unpack(row.getBytes(from + 2), row.getInt(from + 1));
    } catch (DataFormatException e) {
      throw PostgresFailure.corrupt(url, name + " cannot be unpacked (" + e.getMessage() + ")");
    }
  }
}
