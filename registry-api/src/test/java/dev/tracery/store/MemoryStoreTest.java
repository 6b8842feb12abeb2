package dev.tracery.store;

import dev.tracery.model.Sha256;

final class MemoryStoreTest extends StoreContract {

  private final MemoryStore.Disk disk = new MemoryStore.Disk();

  @Override
  protected Store open() {
    return new MemoryStore(disk);
  }

  @Override
  protected void damageEntries(long revision) {
    disk.damageEntries(revision);
  }

  @Override
  protected void damageBlob(Sha256 hash) {
    disk.damageBlob(hash);
  }

  @Override
  protected void damageSnapshot() {
    disk.damageSnapshot();
  }
}
