package dev.tracery.consumer;

import com.google.protobuf.ByteString;
import dev.tracery.consumer.EventUse.Parameter;
import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;
import dev.tracery.v1.ParameterList;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads how one event is used: which parts it has depends on the access class. After a problem the
/// answer is a stand-in.
final class EventUseReader {

  private static final int MAX_FIELDS = 1_024;
  private static final int MAX_PATTERN_LENGTH = 1_000;
  private static final int MAX_KEYS = 100;
  private static final int MAX_KEY_LENGTH = 100;
  // The most that BPF hands to a raw tracepoint is 12 (MAX_BPF_FUNC_ARGS, include/linux/bpf.h).
  private static final int MAX_PARAMETERS = 32;
  private static final int MAX_TYPE_LENGTH = 200;
  private static final int MAX_KERNEL_LENGTH = 512;
  private static final Pattern STRUCT = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,254}");

  private final String path;
  private final dev.tracery.v1.EventUse wire;
  private final Problems problems;

  private EventUseReader(String path, dev.tracery.v1.EventUse wire, Problems problems) {
    this.path = path;
    this.wire = wire;
    this.problems = problems;
  }

  static EventUse read(String path, dev.tracery.v1.EventUse wire, Problems problems) {
    return new EventUseReader(path, wire, problems).read();
  }

  private EventUse read() {
    AccessClass access = access();
    if (access == null) {
      // What the other parts should be depends on it.
      return new EventUse(
          null, AccessClass.BY_NAME, List.of(), false, "", null, List.of(), "", null);
    }
    EventName event = event(access);
    if (wire.getExactCount() && access != AccessClass.POSITIONAL) {
      onlyFor("exact_count", AccessClass.POSITIONAL, access);
    }
    return new EventUse(
        event,
        access,
        fields(access),
        wire.getExactCount(),
        structName(access),
        text(access),
        parameters(access),
        kernel(access),
        referenceLayout());
  }

  private @Nullable AccessClass access() {
    return switch (wire.getAccess()) {
      case ACCESS_CLASS_BY_NAME -> AccessClass.BY_NAME;
      case ACCESS_CLASS_BY_OFFSET -> AccessClass.BY_OFFSET;
      case ACCESS_CLASS_POSITIONAL -> AccessClass.POSITIONAL;
      case ACCESS_CLASS_BTF_STRUCT -> AccessClass.BTF_STRUCT;
      case ACCESS_CLASS_PRINT_TEXT -> AccessClass.PRINT_TEXT;
      case ACCESS_CLASS_RAW_ARGS -> AccessClass.RAW_ARGS;
      case ACCESS_CLASS_PINNED_KERNEL -> AccessClass.PINNED_KERNEL;
      case ACCESS_CLASS_UNSPECIFIED, UNRECOGNIZED -> {
        problems.add(
            path + ".access",
            "expected how the event is read, ACCESS_CLASS_BY_NAME (1) to"
                + " ACCESS_CLASS_PINNED_KERNEL (7), but found "
                + wire.getAccessValue());
        yield null;
      }
    };
  }

  private @Nullable EventName event(AccessClass access) {
    if (wire.getEvent().isEmpty() && access == AccessClass.PINNED_KERNEL) {
      return null;
    }
    try {
      return EventName.parse(wire.getEvent());
    } catch (IllegalArgumentException e) {
      problems.add(path + ".event", String.valueOf(e.getMessage()));
      return null;
    }
  }

  private List<FieldUse> fields(AccessClass access) {
    String fieldsPath = path + ".fields";
    boolean allowed =
        switch (access) {
          case BY_NAME, BY_OFFSET, POSITIONAL, BTF_STRUCT -> true;
          case PRINT_TEXT, RAW_ARGS, PINNED_KERNEL -> false;
        };
    if (!allowed && wire.getFieldsCount() > 0) {
      problems.add(fieldsPath, "a use " + access + " has no fields");
      return List.of();
    }
    int count = problems.bounded(fieldsPath, wire.getFieldsCount(), MAX_FIELDS);
    List<FieldUse> fields = new ArrayList<>(count);
    FieldUseReader reader = new FieldUseReader(access, problems);
    for (int i = 0; i < count; i++) {
      fields.add(reader.read(fieldsPath + "[" + i + "]", wire.getFields(i)));
    }
    return fields;
  }

  private String structName(AccessClass access) {
    String name = wire.getStructName();
    if (access == AccessClass.BTF_STRUCT) {
      if (!STRUCT.matcher(name).matches()) {
        problems.add(
            path + ".struct_name",
            "expected a struct's name, such as trace_event_raw_sched_switch, but found "
                + Problems.quoted(name));
      }
    } else if (!name.isEmpty()) {
      onlyFor("struct_name", AccessClass.BTF_STRUCT, access);
    }
    return name;
  }

  private @Nullable TextUse text(AccessClass access) {
    String textPath = path + ".text";
    if (access != AccessClass.PRINT_TEXT) {
      if (wire.hasText()) {
        onlyFor("text", AccessClass.PRINT_TEXT, access);
      }
      return null;
    }
    return switch (wire.getText().getWhatCase()) {
      case PATTERN -> {
        String pattern = wire.getText().getPattern();
        if (pattern.isEmpty()) {
          problems.add(textPath + ".pattern", "expected a regular expression but found nothing");
        }
        problems.checkText(textPath + ".pattern", pattern, MAX_PATTERN_LENGTH);
        yield new TextUse.Pattern(pattern);
      }
      case KEYS -> new TextUse.Keys(keys(textPath + ".keys.keys", wire.getText().getKeys()));
      case WHOLE -> new TextUse.Whole();
      case WHAT_NOT_SET -> {
        problems.add(textPath, "expected what of the text is read but found nothing");
        yield null;
      }
    };
  }

  private List<String> keys(String keysPath, dev.tracery.v1.TextKeys keys) {
    if (keys.getKeysCount() == 0) {
      problems.add(keysPath, "expected the keys that are read but found nothing");
    }
    int count = problems.bounded(keysPath, keys.getKeysCount(), MAX_KEYS);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < count; i++) {
      String keyPath = keysPath + "[" + i + "]";
      String key = keys.getKeys(i);
      problems.checkName(keyPath, "a key", key, MAX_KEY_LENGTH);
      if (key.indexOf('=') >= 0) {
        problems.add(keyPath, "expected a key without its = but found " + Problems.quoted(key));
      }
      if (!seen.add(key)) {
        problems.add(keyPath, Problems.quoted(key) + " is listed twice");
      }
    }
    return keys.getKeysList().subList(0, count);
  }

  private List<Parameter> parameters(AccessClass access) {
    if (access != AccessClass.RAW_ARGS) {
      if (wire.hasParameters()) {
        onlyFor("parameters", AccessClass.RAW_ARGS, access);
      }
      return List.of();
    }
    if (!wire.hasParameters()) {
      problems.add(
          path + ".parameters",
          "expected a list of parameters, which may be empty, but found none");
      return List.of();
    }
    ParameterList list = wire.getParameters();
    String listPath = path + ".parameters.parameters";
    int count = problems.bounded(listPath, list.getParametersCount(), MAX_PARAMETERS);
    List<Parameter> parameters = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      dev.tracery.v1.Parameter parameter = list.getParameters(i);
      String parameterPath = listPath + "[" + i + "]";
      if (parameter.getType().isBlank()) {
        problems.add(parameterPath + ".type", "expected a C type but found nothing");
      }
      problems.checkText(parameterPath + ".type", parameter.getType(), MAX_TYPE_LENGTH);
      problems.checkText(parameterPath + ".name", parameter.getName(), MAX_TYPE_LENGTH);
      parameters.add(new Parameter(parameter.getType(), parameter.getName()));
    }
    return parameters;
  }

  private String kernel(AccessClass access) {
    String kernel = wire.getKernel();
    if (access == AccessClass.PINNED_KERNEL) {
      if (kernel.isBlank()) {
        problems.add(
            path + ".kernel",
            "expected the kernel's release, build string or id but found "
                + (kernel.isEmpty() ? "nothing" : "blanks"));
      }
      problems.checkText(path + ".kernel", kernel, MAX_KERNEL_LENGTH);
    } else if (!kernel.isEmpty()) {
      onlyFor("kernel", AccessClass.PINNED_KERNEL, access);
    }
    return kernel;
  }

  private @Nullable Sha256 referenceLayout() {
    ByteString hash = wire.getReferenceLayout();
    if (hash.isEmpty()) {
      return null;
    }
    if (hash.size() != Sha256.LENGTH) {
      problems.add(
          path + ".reference_layout",
          "expected a SHA-256 of 32 bytes but found " + hash.size() + " bytes");
      return null;
    }
    return Sha256.ofBytes(hash.toByteArray());
  }

  private void onlyFor(String field, AccessClass needed, AccessClass found) {
    problems.add(path + "." + field, "is for " + needed + " only, and this use is " + found);
  }
}
