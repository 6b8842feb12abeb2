package dev.tracery.grpc;

import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.Collection;

/// `grpc.health.v1.Health`: SERVING while there is a registry, for the server as a whole (the empty
/// name) and for each of our services, also while the store is away: what is in memory is answered.
/// [#WRITES] is SERVING while the store can be reached, too.
final class Health {

  /// The name under which to ask whether the server takes writes.
  static final String WRITES = "tracery.writes";

  private final HealthStatusManager manager = new HealthStatusManager();
  private final Collection<String> services;

  /// @param services the full names of the services that need the registry
  Health(Collection<String> services) {
    this.services = services;
    set(false);
    setWrites(false);
  }

  BindableService service() {
    return manager.getHealthService();
  }

  /// @param serving whether the server takes writes
  void setWrites(boolean serving) {
    manager.setStatus(WRITES, status(serving));
  }

  void set(boolean serving) {
    ServingStatus status = status(serving);
    manager.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
    services.forEach(service -> manager.setStatus(service, status));
  }

  private static ServingStatus status(boolean serving) {
    return serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
  }

  /// NOT_SERVING, for good.
  void stop() {
    manager.enterTerminalState();
  }
}
