package dev.tracery.registry.index;

import dev.tracery.model.Sha256;
import dev.tracery.v1.EventStruct;
import dev.tracery.v1.KernelTypes;
import dev.tracery.v1.Parameter;
import dev.tracery.v1.ParameterList;
import dev.tracery.v1.StructMember;
import dev.tracery.v1.Tracepoint;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// What the BTF of a kernel is known by: a SHA-256 over a byte form that is fixed here for ever and
/// depends on no serializer. `u32`, `text` and `sha` are those of [dev.tracery.model.Fingerprints].
///
/// | of | bytes |
/// |---|---|
/// | types | text `tracery-types 1`, u32 count of tracepoints, and each in the order of names; u32 count of structs, and each in the order of names |
/// | tracepoint | text name, u32 count, and for each parameter: text type, text name |
/// | struct | text name, u32 size, u32 count, and for each member: text name, text type, u32 bit offset, u32 bit size, u32 number of the kind, u32 0 for unsigned or 1 for signed |
public final class TypesFingerprint {

  private final MessageDigest digest = Sha256.digest();
  private final byte[] number = new byte[4];

  private TypesFingerprint() {}

  /// The fingerprint of types that are sorted by name.
  public static Sha256 of(KernelTypes types) {
    TypesFingerprint form = new TypesFingerprint();
    form.begin(types.getTracepointsCount());
    for (Tracepoint tracepoint : types.getTracepointsList()) {
      form.tracepoint(tracepoint.getName(), tracepoint.getParameters());
    }
    form.u32(types.getStructsCount());
    types.getStructsList().forEach(form::struct);
    return form.finish();
  }

  static Sha256 of(TypesEntry types) {
    TypesFingerprint form = new TypesFingerprint();
    form.begin(types.tracepointCount());
    for (int i = 0; i < types.tracepointCount(); i++) {
      form.tracepoint(types.tracepoint(i).name(), types.tracepoint(i).parameters());
    }
    form.u32(types.structCount());
    for (int i = 0; i < types.structCount(); i++) {
      form.struct(types.struct(i).struct());
    }
    return form.finish();
  }

  private void begin(int tracepoints) {
    text("tracery-types 1");
    u32(tracepoints);
  }

  private void tracepoint(String name, ParameterList parameters) {
    text(name);
    u32(parameters.getParametersCount());
    for (Parameter parameter : parameters.getParametersList()) {
      text(parameter.getType());
      text(parameter.getName());
    }
  }

  private void struct(EventStruct struct) {
    text(struct.getName());
    u32(struct.getSize());
    u32(struct.getMembersCount());
    for (StructMember member : struct.getMembersList()) {
      text(member.getName());
      text(member.getType());
      u32(member.getBitOffset());
      u32(member.getBitSize());
      u32(member.getKindValue());
      u32(member.getSigned() ? 1 : 0);
    }
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    u32(bytes.length);
    digest.update(bytes);
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
