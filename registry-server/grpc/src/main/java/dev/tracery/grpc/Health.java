package dev.tracery.grpc;

import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.Collection;

/// `grpc.health.v1.Health`: SERVING while there is a registry, for the server as a whole (the empty
/// name) and for each of our services.
final class Health {

  private final HealthStatusManager manager = new HealthStatusManager();
  private final Collection<String> services;

  /// @param services the full names of the services that need the registry
  Health(Collection<String> services) {
    this.services = services;
    set(false);
  }

  BindableService service() {
    return manager.getHealthService();
  }

  void set(boolean serving) {
    ServingStatus status = serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    manager.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
    services.forEach(service -> manager.setStatus(service, status));
  }

  /// NOT_SERVING, for good.
  void stop() {
    manager.enterTerminalState();
  }
}
