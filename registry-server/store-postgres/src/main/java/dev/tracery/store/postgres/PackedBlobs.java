package dev.tracery.store.postgres;

import dev.tracery.model.Sha256;
import dev.tracery.store.packing.Packing;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Blobs as arrays, one for each column, so that any number of them is one statement.
final class PackedBlobs {

  private final Map<Sha256, Packing.Packed> blobs = new LinkedHashMap<>();
  private long size;

  /// Packs those that are not there already.
  void add(Packing.Packer packer, Map<Sha256, byte[]> given) {
    given.forEach((hash, content) ->
        blobs.computeIfAbsent(
            hash,
            _ -> {
              Packing.Packed packed = packer.pack(content);
              size += packed.bytes().length;
              return packed;
            }));
  }

  /// In bytes, packed.
  long size() {
    return size;
  }

  boolean isEmpty() {
    return blobs.isEmpty();
  }

  /// Sets four parameters: hashes, packings, sizes, contents.
  void set(Connection connection, PreparedStatement statement, int from) throws SQLException {
    byte[][] hashes = new byte[blobs.size()][];
    Short[] packings = new Short[hashes.length];
    Integer[] sizes = new Integer[hashes.length];
    byte[][] contents = new byte[hashes.length][];
    List<Map.Entry<Sha256, Packing.Packed>> all = new ArrayList<>(blobs.entrySet());
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = all.get(i).getKey().bytes();
      Packing.Packed packed = all.get(i).getValue();
      packings[i] = (short) packed.packing().number();
      sizes[i] = packed.size();
      contents[i] = packed.bytes();
    }
    statement.setArray(from, connection.createArrayOf("bytea", hashes));
    statement.setArray(from + 1, connection.createArrayOf("int2", packings));
    statement.setArray(from + 2, connection.createArrayOf("int4", sizes));
    statement.setArray(from + 3, connection.createArrayOf("bytea", contents));
  }
}
