package dev.tracery.translate.server;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// The bundles that streams may use, and who holds which. A stream holds those that were there when
/// it began, until it ends: what is withdrawn meanwhile is disposed of only then. Thread-safe; no
/// code of a bundle runs in here.
final class TranslatorPool {

  /// @param order by which of two of one ranking the older goes first
  private record Offer(HostedBundle bundle, long order, Runnable dispose) {}

  private final List<Offer> offers = new ArrayList<>();
  private final List<Offer> draining = new ArrayList<>();
  private final Map<HostedBundle, Integer> holds = new HashMap<>();
  private long nextOrder;

  /// New streams may use it from now on.
  ///
  /// @param dispose called once, when it was withdrawn and no stream holds it any more; must not
  ///   block
  synchronized void offer(HostedBundle bundle, Runnable dispose) {
    offers.add(new Offer(bundle, nextOrder++, dispose));
    offers.sort(
        Comparator.<Offer>comparingInt(offer -> -offer.bundle.identity().ranking())
            .thenComparingLong(Offer::order));
  }

  /// New streams do not use it any more. Withdrawing twice does no harm.
  void withdraw(HostedBundle bundle) {
    Runnable dispose = () -> {};
    synchronized (this) {
      for (Offer offer : List.copyOf(offers)) {
        if (offer.bundle == bundle) {
          offers.remove(offer);
          bundle.drain();
          if (holds.containsKey(bundle)) {
            draining.add(offer);
          } else {
            dispose = offer.dispose;
          }
        }
      }
    }
    dispose.run();
  }

  /// Whether a stream holds it.
  synchronized boolean isHeld(HostedBundle bundle) {
    return holds.containsKey(bundle);
  }

  /// All that are offered or still held.
  synchronized List<HostedBundle> all() {
    List<HostedBundle> all = new ArrayList<>();
    offers.forEach(offer -> all.add(offer.bundle));
    draining.forEach(offer -> all.add(offer.bundle));
    return all;
  }

  /// Holds those that are offered now and wanted, the one that goes first in front.
  synchronized Lease lease(Predicate<HostedBundle> wanted) {
    List<HostedBundle> held =
        offers.stream().map(Offer::bundle).filter(b -> !b.isQuarantined()).filter(wanted).toList();
    held.forEach(bundle -> holds.merge(bundle, 1, Integer::sum));
    return new Lease(held);
  }

  private void release(List<HostedBundle> held) {
    List<Runnable> disposals = new ArrayList<>();
    synchronized (this) {
      for (HostedBundle bundle : held) {
        if (holds.merge(bundle, -1, Integer::sum) == 0) {
          holds.remove(bundle);
          for (Offer offer : List.copyOf(draining)) {
            if (offer.bundle == bundle) {
              draining.remove(offer);
              disposals.add(offer.dispose);
            }
          }
        }
      }
    }
    disposals.forEach(Runnable::run);
  }

  /// What one stream holds. Not thread-safe.
  final class Lease implements AutoCloseable {
    private final List<HostedBundle> bundles;
    private final List<HostedBundle> used = new ArrayList<>();
    private boolean closed;

    private Lease(List<HostedBundle> bundles) {
      this.bundles = bundles;
    }

    /// The one that goes first in front.
    List<HostedBundle> bundles() {
      return bundles;
    }

    /// The stream takes a translator of this one.
    void use(HostedBundle bundle) {
      if (!used.contains(bundle)) {
        used.add(bundle);
        bundle.used();
      }
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        used.forEach(HostedBundle::left);
        release(bundles);
      }
    }
  }
}
