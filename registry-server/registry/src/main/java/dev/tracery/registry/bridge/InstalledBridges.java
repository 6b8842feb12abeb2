package dev.tracery.registry.bridge;

import dev.tracery.registry.Translators.Bridge;
import dev.tracery.translator.BridgedField;
import dev.tracery.translator.FieldBridge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/// The bridges that are installed now. Each is asked once, when it comes, on a thread of its own: a
/// bridge that throws or does not answer is ignored and reported, and harms nobody. Thread-safe.
@Component(service = InstalledBridges.class)
public final class InstalledBridges {

  private static final System.Logger LOGGER = System.getLogger(InstalledBridges.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int MOST_FIELDS = 10_000;
  private static final int MOST_CHARACTERS = 500;

  /// @param id the service's: of two of one ranking the older wins, as everywhere in OSGi
  private record Installed(long id, Bridge bridge) {}

  private final Duration patience;
  private final Map<Object, Installed> installed = new HashMap<>();
  private volatile BridgeTable table = BridgeTable.EMPTY;

  /// None yet.
  @Activate
  public InstalledBridges() {
    this(PATIENCE);
  }

  /// @param patience how long a bridge may take to answer
  public InstalledBridges(Duration patience) {
    this.patience = patience;
  }

  /// What they fill.
  public BridgeTable table() {
    return table;
  }

  /// All of them, those that are ignored, too: by bundle, then the one that goes first.
  public List<Bridge> all() {
    synchronized (installed) {
      return inOrder().stream()
          .map(Installed::bridge)
          .sorted(Comparator.comparing(Bridge::bundle))
          .toList();
    }
  }

  /// A bridge comes.
  @Reference(
      service = FieldBridge.class,
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "unbind")
  public void bind(FieldBridge bridge, ServiceReference<FieldBridge> reference) {
    // Why not null: only a service that is gone has no bundle, and this one is there.
    Bundle bundle = Objects.requireNonNull(reference.getBundle());
    add(
        reference,
        (Long) reference.getProperty(Constants.SERVICE_ID),
        reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0,
        bundle.getSymbolicName(),
        bundle.getVersion().toString(),
        bridge);
  }

  /// A bridge goes.
  // Why not `remove`: of two methods of one name the component runtime takes remove(Object), and
  // gives it the service (OSGi Compendium, Declarative Services, event methods).
  public void unbind(FieldBridge bridge, ServiceReference<FieldBridge> reference) {
    remove(reference);
  }

  /// A bridge comes.
  ///
  /// @param key by which it goes
  public void add(
      Object key, long id, int ranking, String bundle, String version, FieldBridge bridge) {
    Bridge asked = ask(ranking, bundle, version, bridge);
    if (!asked.problem().isEmpty()) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "the bridge of {0} {1} is ignored: {2}",
          bundle,
          version,
          asked.problem());
    }
    synchronized (installed) {
      installed.put(key, new Installed(id, asked));
      changed();
    }
  }

  /// A bridge goes.
  public void remove(Object key) {
    synchronized (installed) {
      if (installed.remove(key) != null) {
        changed();
      }
    }
  }

  private void changed() {
    List<BridgeTable.Entry> entries = new ArrayList<>();
    for (Installed each : inOrder()) {
      for (BridgedField field : each.bridge.fields()) {
        entries.add(new BridgeTable.Entry(field, each.bridge.bundle()));
      }
    }
    table = BridgeTable.of(table.generation() + 1, entries);
  }

  private List<Installed> inOrder() {
    return installed.values().stream()
        .sorted(
            Comparator.comparing((Installed each) -> each.bridge.ranking())
                .reversed()
                .thenComparing(Installed::id))
        .toList();
  }

  private Bridge ask(int ranking, String bundle, String version, FieldBridge bridge) {
    CompletableFuture<List<BridgedField>> answer = new CompletableFuture<>();
    // Why no virtual thread: one that spins would keep others from running.
    Thread.ofPlatform()
        .name("tracery-bridge-" + bundle)
        .daemon()
        .start(() -> {
          try {
            answer.complete(taken(bridge.fields()));
          } catch (Throwable e) {
            // Why here: the text of what was thrown is the bridge's code, too, and may not return.
            answer.completeExceptionally(new IllegalStateException(words(e)));
          }
        });
    List<BridgedField> fields = List.of();
    String problem = "";
    try {
      fields = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      problem = "it failed with " + Objects.requireNonNull(e.getCause()).getMessage();
    } catch (TimeoutException _) {
      problem = "it did not say within " + patience.toMillis() + " ms what it fills";
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      problem = "the server had no time to ask it";
    }
    return new Bridge(bundle, version, ranking, fields, problem);
  }

  private static String words(Throwable thrown) {
    try {
      return shortened(String.valueOf(thrown));
    } catch (Throwable _) {
      return thrown.getClass().getName();
    }
  }

  /// A copy that does not depend on the bridge's code.
  private static List<BridgedField> taken(List<BridgedField> said) {
    List<BridgedField> fields = new ArrayList<>();
    for (BridgedField field : said) {
      fields.add(Objects.requireNonNull(field, "a field is null"));
      if (fields.size() > MOST_FIELDS) {
        throw new IllegalArgumentException(
            String.format("it names more than %,d fields", MOST_FIELDS));
      }
    }
    return List.copyOf(fields);
  }

  private static String shortened(String text) {
    String line = text.lines().findFirst().orElse("");
    return line.length() > MOST_CHARACTERS ? line.substring(0, MOST_CHARACTERS) + "…" : line;
  }
}
