package dev.tracery.grpc;

import dev.tracery.grpc.status.ErrorReason;
import dev.tracery.grpc.status.Refusal;
import dev.tracery.grpc.status.RefusalReader;
import dev.tracery.translation.Translation;
import dev.tracery.translation.TranslatorBundles;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The translation that calls go to. It comes a moment after the registry, and may be away.
/// Thread-safe.
final class CurrentTranslation {

  // Why: the server listens once there is a registry, and the translation needs that first.
  private static final long PATIENCE_SECONDS = 10;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable Translation translation;
  private @Nullable TranslatorBundles bundles;

  /// What translates.
  ///
  /// @throws io.grpc.StatusRuntimeException UNAVAILABLE if there is none for a while; this blocks
  Translation translation() {
    return await(() -> translation);
  }

  /// What has the bundles.
  ///
  /// @throws io.grpc.StatusRuntimeException UNAVAILABLE if there is none for a while; this blocks
  TranslatorBundles bundles() {
    return await(() -> bundles);
  }

  void set(Translation there) {
    change(() -> translation = there);
  }

  /// Forgets `gone`, if it has not been replaced already.
  void unset(Translation gone) {
    change(() -> translation = translation == gone ? null : translation);
  }

  void set(TranslatorBundles there) {
    change(() -> bundles = there);
  }

  /// Forgets `gone`, if it has not been replaced already.
  void unset(TranslatorBundles gone) {
    change(() -> bundles = bundles == gone ? null : bundles);
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private <T> T await(Supplier<@Nullable T> wanted) {
    long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    lock.lock();
    try {
      while (true) {
        T there = wanted.get();
        if (there != null) {
          return there;
        }
        if (left <= 0) {
          throw unavailable();
        }
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable();
    } finally {
      lock.unlock();
    }
  }

  private static RuntimeException unavailable() {
    return new Refusal(
            ErrorReason.REGISTRY_UNAVAILABLE,
            "the server's part that translates is not up yet or is being replaced; try again in a"
                + " moment",
            List.of(RefusalReader.RETRY_SOON))
        .toException();
  }
}
