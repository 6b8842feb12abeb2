package dev.tracery.grpc.stream;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Lets one thread wait for something that others bring about. Thread-safe; ringing never blocks.
public final class Doorbell {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition rung = lock.newCondition();
  private @Nullable RuntimeException end;

  /// Makes whoever waits look again.
  public void ring() {
    lock.lock();
    try {
      rung.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Makes whoever waits, now or later, throw `why`. The first end counts.
  public void end(RuntimeException why) {
    lock.lock();
    try {
      if (end == null) {
        end = why;
      }
      rung.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Throws why this ended, if it did.
  public void check() {
    lock.lock();
    try {
      throwIfEnded();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until `condition` holds. It is looked at after each ring, so whatever changes it rings.
  public void await(BooleanSupplier condition) {
    lock.lock();
    try {
      throwIfEnded();
      while (!condition.getAsBoolean()) {
        rung.awaitUninterruptibly();
        throwIfEnded();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits until `condition` holds, or no longer than `limit`.
  ///
  /// @return whether it holds
  public boolean await(BooleanSupplier condition, Duration limit) {
    long left = limit.toNanos();
    long until = System.nanoTime() + left;
    lock.lock();
    try {
      throwIfEnded();
      while (!condition.getAsBoolean()) {
        if (left <= 0) {
          return false;
        }
        try {
          rung.await(left, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new CallEndedException("interrupted");
        }
        throwIfEnded();
        left = until - System.nanoTime();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void throwIfEnded() {
    if (end != null) {
      throw end;
    }
  }
}
