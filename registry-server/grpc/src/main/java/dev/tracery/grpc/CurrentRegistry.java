package dev.tracery.grpc;

import dev.tracery.grpc.status.ErrorReason;
import dev.tracery.grpc.status.Refusal;
import dev.tracery.grpc.status.RefusalReader;
import dev.tracery.registry.Registry;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The registry that calls go to. It comes after the server, may be replaced while the server runs,
/// and may be away. Thread-safe.
final class CurrentRegistry {

  private final AtomicReference<@Nullable Registry> current = new AtomicReference<>();
  private final List<Consumer<Boolean>> listeners = new CopyOnWriteArrayList<>();
  private final CountDownLatch first = new CountDownLatch(1);

  /// The registry.
  ///
  /// @throws StatusRuntimeException UNAVAILABLE while there is none
  Registry get() {
    Registry registry = current.get();
    if (registry == null) {
      throw unavailable();
    }
    return registry;
  }

  /// The registry, if there is one.
  @Nullable Registry orNull() {
    return current.get();
  }

  boolean isThere() {
    return current.get() != null;
  }

  void set(Registry registry) {
    current.set(registry);
    tell();
    first.countDown();
  }

  /// Forgets `registry`, if it has not been replaced already.
  void clear(Registry registry) {
    if (current.compareAndSet(registry, null)) {
      tell();
    }
  }

  /// Waits until there has been a registry.
  void awaitFirst() throws InterruptedException {
    first.await();
  }

  /// Calls `listener` with whether there is a registry, after each change.
  void onChange(Consumer<Boolean> listener) {
    listeners.add(listener);
  }

  static StatusRuntimeException unavailable() {
    return new Refusal(
            ErrorReason.REGISTRY_UNAVAILABLE,
            "the registry is not up yet or is being replaced; try again in a moment",
            List.of(RefusalReader.RETRY_SOON))
        .toException();
  }

  private void tell() {
    boolean there = isThere();
    listeners.forEach(listener -> listener.accept(there));
  }
}
