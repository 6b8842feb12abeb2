package dev.tracery.registry.policy;

import dev.tracery.consumer.EventUse;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.registry.Compatibility.FitReason;

/// The one kernel that a tool was built for: by release, build string or id.
final class KernelFits {

  private KernelFits() {}

  static UseFit fit(EventUse use, KernelView kernel) {
    KernelIdentity identity = kernel.identity();
    String pinned = use.kernel();
    if (!pinned.equals(identity.release())
        && !pinned.equals(identity.build())
        && !pinned.equals(kernel.id())) {
      return UseFit.rejected(
          FitReason.OTHER_KERNEL, "built for " + pinned + ", but this is " + name(identity));
    }
    EventName event = use.event();
    return event == null || kernel.layoutHash(event).isPresent()
        ? UseFit.exact()
        : UseFit.rejected(FitReason.MISSING, "there is no event " + event);
  }

  private static String name(KernelIdentity identity) {
    return identity.build().isEmpty()
        ? identity.release()
        : identity.release() + " (" + identity.build() + ")";
  }
}
