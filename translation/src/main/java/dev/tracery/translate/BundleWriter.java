package dev.tracery.translate;

import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;
import dev.tracery.v1.DecodePlan;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Writes a bundle that reads the records of one kernel: a class for each way in which they are
/// read, the [TranslatorIndex], and a manifest. It has no activator and registers nothing by
/// itself: who extends it finds it by its capability `tracery.translator`, and makes an
/// [IndexedTranslators] of it. Equal plans give equal bytes, in whatever order they come.
/// Thread-safe.
public final class BundleWriter {

  /// The namespace of the capability. Its attributes are `kernel`, `release`, `machine` and
  /// `manifest`, strings, and `translators`, how many there are.
  public static final String CAPABILITY = "tracery.translator";

  /// The version of what is generated: a bundle's version begins with it.
  private static final String GENERATOR = "0.1.0";

  private static final Logger LOG = System.getLogger(BundleWriter.class.getName());
  private static final String SPI = "dev.tracery.translator;version=\"[0.1,0.2)\"";
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);
  private static final int QUALIFIER_DIGITS = 16;

  private final ClassWriter writer = new ClassWriter();

  /// Writes the bundle. Does not close `out`. An event whose plan is not as `decode.proto` says is
  /// left out: it must not cost the other events their classes.
  ///
  /// @param plans of the kernel's events
  public void write(BundleAbout about, Collection<DecodePlan> plans, OutputStream out)
      throws IOException {
    SortedMap<String, ClassPlan> classes = new TreeMap<>();
    Map<TranslatorIndex.Key, String> index = HashMap.newHashMap(plans.size());
    for (DecodePlan plan : plans) {
      ClassPlan classPlan;
      try {
        classPlan = ClassPlan.of(plan);
      } catch (IllegalArgumentException e) {
        LOG.log(Level.WARNING, "no class for " + plan.getEvent() + ": " + e.getMessage());
        continue;
      }
      String name = classPlan.className();
      classes.putIfAbsent(name, classPlan);
      index.put(
          new TranslatorIndex.Key(
              EventName.parse(plan.getEvent()),
              Sha256.ofBytes(plan.getLayoutHash().toByteArray()),
              plan.getSchemaVersion()),
          name);
    }
    byte[] indexBytes = new TranslatorIndex(index).bytes();
    Map<String, byte[]> written =
        classes.entrySet().parallelStream()
            .collect(
                Collectors.toConcurrentMap(Map.Entry::getKey, e -> writer.write(e.getValue())));
    ZipOutputStream jar = new ZipOutputStream(out);
    jar.setMethod(ZipOutputStream.STORED);
    Manifest manifest = manifest(about, index.size(), Sha256.of(indexBytes));
    ZipEntry first = entry(JarFile.MANIFEST_NAME);
    first.setMethod(ZipEntry.DEFLATED);
    jar.putNextEntry(first);
    manifest.write(jar);
    jar.closeEntry();
    store(jar, TranslatorIndex.PATH, indexBytes);
    for (String name : classes.keySet()) {
      store(jar, name.replace('.', '/') + ".class", Objects.requireNonNull(written.get(name)));
    }
    jar.finish();
  }

  private static Manifest manifest(BundleAbout about, int translators, Sha256 content) {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", about.symbolicName());
    main.putValue("Bundle-Version", GENERATOR + "." + content.hex().substring(0, QUALIFIER_DIGITS));
    main.putValue("Bundle-Name", "Tracery translators of " + printable(about.release()));
    main.putValue("Import-Package", SPI);
    main.putValue(
        "Provide-Capability",
        "%s;kernel=\"%s\";release=\"%s\";machine=\"%s\";manifest=\"%s\";translators:Long=%d"
            .formatted(
                CAPABILITY,
                about.kernel(),
                quoted(about.release()),
                quoted(about.machine()),
                quoted(about.manifest()),
                translators));
    return manifest;
  }

  private static String quoted(String text) {
    return printable(text).replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  private static void store(ZipOutputStream jar, String name, byte[] content) throws IOException {
    ZipEntry entry = entry(name);
    CRC32 crc = new CRC32();
    crc.update(content);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    jar.putNextEntry(entry);
    jar.write(content);
    jar.closeEntry();
  }

  private static ZipEntry entry(String name) {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(NO_TIME);
    return entry;
  }
}
