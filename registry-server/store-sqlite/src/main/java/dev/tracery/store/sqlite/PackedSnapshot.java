package dev.tracery.store.sqlite;

import dev.tracery.store.Store.Snapshot;
import dev.tracery.store.packing.Packing;
import java.util.ArrayList;
import java.util.List;

/// A snapshot as it lies in the file. Packed before the file is touched, so that nobody who appends
/// waits for it.
record PackedSnapshot(long revision, List<Part> parts) {

  /// @param checksum of the part's place and content, unpacked
  record Part(Packing.Packed packed, long checksum) {}

  static PackedSnapshot of(Snapshot snapshot) {
    List<byte[]> contents = snapshot.parts();
    List<Part> parts = new ArrayList<>();
    try (Packing.Packer packer = new Packing.Packer()) {
      for (int i = 0; i < contents.size(); i++) {
        byte[] content = contents.get(i);
        parts.add(
            new Part(
                packer.pack(content),
                Schema.checksum(snapshot.revision(), i, contents.size(), content)));
      }
    }
    return new PackedSnapshot(snapshot.revision(), parts);
  }
}
