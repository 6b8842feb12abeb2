package dev.tracery.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/// What nodes, manifests and kernels are known by: SHA-256s over byte forms that are fixed here for
/// ever and depend on no serializer. `u32` is 4 bytes, highest first; `text` is a `u32` length and
/// as many bytes of UTF-8; `sha` is 32 bytes.
///
/// | of | bytes |
/// |---|---|
/// | system | text `tracery-system 1`, text system, u32 count, and for each event in the order of names: text name, sha layout, u32 relative id |
/// | manifest | text `tracery-manifest 1`, u32 count, and for each system in the order of names: text system, sha of the system, u32 first id |
/// | kernel | text `tracery-kernel 1`, text release, text build, text machine, u32 word size in bytes, u32 0 for little or 1 for big endian, u32 page size, sha of the manifest |
///
/// Names are in the order of their characters. An event's relative id is its id less the system's
/// smallest, which is the system's first id.
public final class Fingerprints {

  private final MessageDigest digest = Sha256.digest();
  private final byte[] number = new byte[4];

  private Fingerprints() {}

  /// An event of a system that is to be fingerprinted.
  ///
  /// @param name without the system
  /// @param relativeId its id less the system's smallest
  public record Member(String name, Sha256 layout, int relativeId) {}

  /// The hash of a system's node.
  ///
  /// @param members in the order of their names
  public static Sha256 system(String system, List<Member> members) {
    Fingerprints form = new Fingerprints();
    form.text("tracery-system 1");
    form.text(system);
    form.u32(members.size());
    for (Member member : members) {
      form.text(member.name());
      form.sha(member.layout());
      form.u32(member.relativeId());
    }
    return form.finish();
  }

  /// A manifest's fingerprint.
  ///
  /// @param systems names, in order
  /// @param hashes of the systems' nodes
  /// @param firstIds the systems' smallest ids
  public static Sha256 manifest(String[] systems, Sha256[] hashes, int[] firstIds) {
    Fingerprints form = new Fingerprints();
    form.text("tracery-manifest 1");
    form.u32(systems.length);
    for (int i = 0; i < systems.length; i++) {
      form.text(systems[i]);
      form.sha(hashes[i]);
      form.u32(firstIds[i]);
    }
    return form.finish();
  }

  /// A kernel's id: the first 16 hexadecimal digits of its hash.
  public static String kernelId(KernelIdentity identity, Sha256 manifest) {
    Fingerprints form = new Fingerprints();
    form.text("tracery-kernel 1");
    form.text(identity.release());
    form.text(identity.build());
    form.text(identity.machine());
    form.u32(identity.target().wordSize().bytes());
    form.u32(identity.target().byteOrder() == ByteOrder.BIG_ENDIAN ? 1 : 0);
    form.u32(identity.pageSize());
    form.sha(manifest);
    return form.finish().hex().substring(0, 16);
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    u32(bytes.length);
    digest.update(bytes);
  }

  private void sha(Sha256 hash) {
    digest.update(hash.bytes());
  }

  private void u32(int value) {
    for (int i = 0; i < 4; i++) {
      number[i] = (byte) (value >>> (24 - 8 * i));
    }
    digest.update(number);
  }

  private Sha256 finish() {
    return Sha256.ofBytes(digest.digest());
  }
}
