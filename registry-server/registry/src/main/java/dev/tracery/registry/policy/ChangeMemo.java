package dev.tracery.registry.policy;

import dev.tracery.model.Sha256;
import dev.tracery.registry.Registry.Change;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What one use makes of the change of its event that it was judged on last: of a kernel that is
/// built again and again, that is the same. Thread-safe: whoever writes at the same time may be
/// forgotten.
///
/// @param <T> what is made of it; depends on nothing but the use, the two layouts and the changes
final class ChangeMemo<T> {

  private record Known<T>(
      Optional<Sha256> before, Optional<Sha256> after, List<Change> changes, T answer) {}

  private volatile @Nullable Known<T> last;

  T get(EventCase event, Supplier<T> answer) {
    Known<T> known = last;
    if (known != null
        && known.before.equals(event.hashBefore())
        && known.after.equals(event.hashAfter())
        && known.changes.equals(event.changes())) {
      return known.answer;
    }
    T found = answer.get();
    last = new Known<>(event.hashBefore(), event.hashAfter(), List.copyOf(event.changes()), found);
    return found;
  }
}
