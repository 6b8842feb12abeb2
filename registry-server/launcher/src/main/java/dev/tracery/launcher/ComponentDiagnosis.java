package dev.tracery.launcher;

import java.util.ArrayList;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/// Why the registry does not come up, as Declarative Services knows it.
final class ComponentDiagnosis {
  private ComponentDiagnosis() {}

  /// A component whose constructor failed, if there is one. With `unsatisfied`, else the references
  /// that nothing satisfies.
  static Optional<String> of(BundleContext context, boolean unsatisfied) {
    ServiceReference<ServiceComponentRuntime> reference =
        context.getServiceReference(ServiceComponentRuntime.class);
    ServiceComponentRuntime runtime = reference == null ? null : context.getService(reference);
    if (runtime == null) {
      return Optional.of("Declarative Services did not start: build the distribution again");
    }
    var missing = new TreeSet<String>();
    var failures = new ArrayList<String>();
    for (ComponentDescriptionDTO component : runtime.getComponentDescriptionDTOs()) {
      for (ComponentConfigurationDTO configuration :
          runtime.getComponentConfigurationDTOs(component)) {
        if (configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
          failures.add(FailureLine.ofStackTrace(configuration.failure));
        }
        for (var unmet : configuration.unsatisfiedReferences) {
          missing.add(component.name + " waits for " + serviceOf(component, unmet.name));
        }
      }
    }
    if (!failures.isEmpty()) {
      // Why: a component whose dependency failed fails too, and says less.
      return failures.stream()
          .filter(failure -> !failure.startsWith("Unable to get service"))
          .findFirst()
          .or(() -> Optional.of(failures.getFirst()));
    }
    return unsatisfied && !missing.isEmpty()
        ? Optional.of("a part of the registry is missing: " + String.join("; ", missing))
        : Optional.empty();
  }

  private static String serviceOf(ComponentDescriptionDTO component, String reference) {
    return Stream.of(component.references)
        .filter(candidate -> candidate.name.equals(reference))
        .map(candidate -> candidate.interfaceName)
        .findFirst()
        .orElse(reference);
  }
}
