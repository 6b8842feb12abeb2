package dev.tracery.registry.core;

import dev.tracery.compiler.FormatLimits;
import dev.tracery.model.NumberSetting;
import dev.tracery.registry.RegistryException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a caller may ask of the registry. Each is a framework property `tracery.limits.NAME`.
///
/// @param eventsPerKernel events in one registration; `events-per-kernel`
/// @param formatBytes bytes of all formats in one registration, which are held in memory until it
///   is finished; `format-bytes`
/// @param oneFormatBytes bytes of one format; `one-format-bytes`
/// @param fieldsPerFormat field lines of one format, and members or parameters in BTF;
///   `fields-per-format`
/// @param typesPerKernel tracepoints and structs in the BTF of one registration; `types-per-kernel`
/// @param typesBytes bytes of what the BTF of one registration says, which are held in memory until
///   it is finished; `types-bytes`
/// @param schemaCacheBytes bytes of answers that are kept to be given again; `schema-cache-bytes`
/// @param diffCacheBytes bytes of differences between layouts that are kept, because kernels are
///   compared again and again; `diff-cache-bytes`
/// @param importRecordBytes bytes of one record of an export that is imported, and of the blobs of
///   one revision in it, which are held in memory; `import-record-bytes`
public record RegistryLimits(
    int eventsPerKernel,
    long formatBytes,
    int oneFormatBytes,
    int fieldsPerFormat,
    int typesPerKernel,
    long typesBytes,
    long schemaCacheBytes,
    long diffCacheBytes,
    int importRecordBytes) {

  /// 65,536 events; 32 MiB of formats, of which a real kernel has 5; 1 MiB and 1,024 fields in one
  /// format; 65,536 tracepoints and structs in 16 MiB, of which a real kernel has 1,300 in 0.2; 64
  /// MiB of answers; 16 MiB of differences, of which two kernels as far apart as Linux 6.1 and 6.12
  /// have 2; 128 MiB in a record. What callers can make the server hold at a time fits into its
  /// heap.
  public static final RegistryLimits DEFAULT =
      new RegistryLimits(
          65_536,
          32L << 20,
          FormatLimits.DEFAULT.maxBytes(),
          FormatLimits.DEFAULT.maxFields(),
          65_536,
          16L << 20,
          64L << 20,
          16L << 20,
          128 << 20);

  private static final int MOST_FORMAT_BYTES = 16 << 20;
  private static final int MOST_FIELDS = 1 << 16;

  /// The prefix of the properties' names.
  public static final String PREFIX = "tracery.limits.";

  /// The limits that the properties set, the others by default.
  ///
  /// @param property gives a property's value, null where it is not set
  /// @throws IllegalArgumentException if a value is no positive whole number
  public static RegistryLimits of(Function<String, @Nullable String> property) {
    return new RegistryLimits(
        (int) read(property, "events-per-kernel", DEFAULT.eventsPerKernel, Integer.MAX_VALUE),
        read(property, "format-bytes", DEFAULT.formatBytes, Long.MAX_VALUE),
        (int) read(property, "one-format-bytes", DEFAULT.oneFormatBytes, MOST_FORMAT_BYTES),
        (int) read(property, "fields-per-format", DEFAULT.fieldsPerFormat, MOST_FIELDS),
        (int) read(property, "types-per-kernel", DEFAULT.typesPerKernel, Integer.MAX_VALUE),
        read(property, "types-bytes", DEFAULT.typesBytes, Integer.MAX_VALUE),
        read(property, "schema-cache-bytes", DEFAULT.schemaCacheBytes, Long.MAX_VALUE),
        read(property, "diff-cache-bytes", DEFAULT.diffCacheBytes, Long.MAX_VALUE),
        (int) read(property, "import-record-bytes", DEFAULT.importRecordBytes, 1 << 30));
  }

  /// What a format may cost that is given to be registered.
  FormatLimits ofNewFormats() {
    return new FormatLimits(
        oneFormatBytes,
        fieldsPerFormat,
        FormatLimits.DEFAULT.maxDepth(),
        FormatLimits.DEFAULT.maxDiagnostics());
  }

  /// What a format may cost that is stored already: a limit that was lowered since does not make it
  /// unreadable.
  static FormatLimits ofStoredFormats() {
    return new FormatLimits(
        MOST_FORMAT_BYTES,
        MOST_FIELDS,
        FormatLimits.DEFAULT.maxDepth(),
        FormatLimits.DEFAULT.maxDiagnostics());
  }

  /// What to throw for a registration beyond a limit.
  ///
  /// @param what of which there is too much: `events`
  static RegistryException exceeded(String what, long limit, String property) {
    return new RegistryException(
        RegistryException.Code.RESOURCE_EXHAUSTED,
        PREFIX + property,
        String.format(
            "the kernel has more than %,d %s, which is the limit; set %s%s to raise it",
            limit, what, PREFIX, property));
  }

  private static long read(
      Function<String, @Nullable String> property, String name, long byDefault, long most) {
    return new NumberSetting(PREFIX + name, 1, most, byDefault).read(property);
  }
}
