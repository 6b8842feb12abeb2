package dev.tracery.grpc;

import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Compatibility.Check;
import dev.tracery.registry.Registry.Registration;
import dev.tracery.v1.KernelTypes;
import java.util.Optional;

/// Where the parts of a kernel go that a stream carries.
interface KernelParts {

  /// An event whose format the caller has.
  void add(EventName event, int id, String file, byte[] text, Optional<Sha256> claimedHash);

  /// An event whose layout the registry knows.
  void add(EventName event, int id, Sha256 layoutHash);

  /// All events of a system that the registry knows.
  void addSystem(String system, Sha256 node, int firstId);

  /// What the kernel's BTF says, or a part of it.
  void addTypes(KernelTypes types);

  static KernelParts of(Registration registration) {
    return new KernelParts() {
      @Override
      public void add(EventName event, int id, String file, byte[] text, Optional<Sha256> hash) {
        registration.add(event, id, file, text, hash);
      }

      @Override
      public void add(EventName event, int id, Sha256 layoutHash) {
        registration.add(event, id, layoutHash);
      }

      @Override
      public void addSystem(String system, Sha256 node, int firstId) {
        registration.addSystem(system, node, firstId);
      }

      @Override
      public void addTypes(KernelTypes types) {
        registration.addTypes(types);
      }
    };
  }

  static KernelParts of(Check check) {
    return new KernelParts() {
      @Override
      public void add(EventName event, int id, String file, byte[] text, Optional<Sha256> hash) {
        check.add(event, id, file, text, hash);
      }

      @Override
      public void add(EventName event, int id, Sha256 layoutHash) {
        check.add(event, id, layoutHash);
      }

      @Override
      public void addSystem(String system, Sha256 node, int firstId) {
        check.addSystem(system, node, firstId);
      }

      @Override
      public void addTypes(KernelTypes types) {
        check.addTypes(types);
      }
    };
  }
}
