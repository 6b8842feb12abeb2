package dev.tracery.translate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tracery.decode.PlanInterpreter;
import dev.tracery.decode.RandomPlan;
import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;
import dev.tracery.translator.EventTranslator;
import dev.tracery.v1.DecodePlan;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BundleWriterTest {

  private static final BundleAbout ABOUT =
      new BundleAbout("k-17", "6.12.117+deb13-amd64", "x86_64", "0f".repeat(32));

  private record Jar(Manifest manifest, Map<String, byte[]> entries) {
    static Jar read(byte[] bytes) throws IOException {
      try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(bytes))) {
        Map<String, byte[]> entries = new HashMap<>();
        for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
          entries.put(entry.getName(), in.readAllBytes());
        }
        return new Jar(in.getManifest(), entries);
      }
    }

    TranslatorIndex index() throws IOException {
      return TranslatorIndex.read(
          new ByteArrayInputStream(Objects.requireNonNull(entries.get(TranslatorIndex.PATH))));
    }

    IndexedTranslators translators() throws IOException {
      ClassLoader loader =
          new ClassLoader(EventTranslator.class.getClassLoader()) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
              byte[] bytes = entries.get(name.replace('.', '/') + ".class");
              if (bytes == null) {
                throw new ClassNotFoundException(name);
              }
              return defineClass(name, bytes, 0, bytes.length);
            }
          };
      return new IndexedTranslators(index(), loader::loadClass);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SamplePlans.AMD64_6_12, SamplePlans.I386, SamplePlans.S390X})
  void every_translator_of_a_kernels_bundle_does_what_the_interpreter_does(String kernel)
      throws IOException {
    List<DecodePlan> plans = SamplePlans.of(kernel);
    Jar jar = Jar.read(bundle(plans));
    IndexedTranslators translators = jar.translators();
    RandomPlan records = new RandomPlan(new Random(kernel.hashCode()));
    for (DecodePlan plan : plans) {
      EventTranslator generated =
          Objects.requireNonNull(
              translators.translator(
                  EventName.parse(plan.getEvent()),
                  Sha256.ofBytes(plan.getLayoutHash().toByteArray()),
                  plan.getSchemaVersion()));
      EventTranslator interpreter = new PlanInterpreter(plan);
      for (int i = 0; i < 20; i++) {
        byte[] record = records.record(plan);
        assertArrayEquals(
            translated(interpreter, record), translated(generated, record), plan::toString);
      }
    }
    assertEquals(plans.size(), jar.index().size());
    for (Map.Entry<String, byte[]> entry : jar.entries().entrySet()) {
      if (entry.getKey().endsWith(".class")) {
        assertEquals(List.of(), ClassFile.of().verify(entry.getValue()), entry.getKey());
      }
    }
  }

  private static byte[] translated(EventTranslator translator, byte[] record) {
    byte[] out = new byte[translator.maxMessageSize(record.length)];
    return Arrays.copyOf(out, translator.translate(record, 0, record.length, out, 0));
  }

  @Test
  void the_same_plans_in_any_order_make_the_same_bundle() throws IOException {
    List<DecodePlan> plans = SamplePlans.of(SamplePlans.S390X);
    assertArrayEquals(bundle(plans), bundle(plans.reversed()));
  }

  @Test
  void the_manifest_says_what_the_bundle_reads() throws IOException {
    Map<String, String> headers = new TreeMap<>();
    Jar.read(bundle(SamplePlans.of(SamplePlans.S390X).subList(0, 3)))
        .manifest()
        .getMainAttributes()
        .forEach((name, value) -> headers.put(name.toString(), value.toString()));
    assertEquals(
        """
        Bundle-ManifestVersion: 2
        Bundle-Name: Tracery translators of 6.12.117+deb13-amd64
        Bundle-SymbolicName: tracery.translator.k-17
        Bundle-Version: 0.1.0.VERSION
        Import-Package: dev.tracery.translator;version="[0.1,0.2)"
        Manifest-Version: 1.0
        Provide-Capability: tracery.translator;kernel="k-17";release="6.12.117+deb13-amd64";machine="x86_64";manifest="%s";translators:Long=3
        """
            .formatted("0f".repeat(32)),
        headers.entrySet().stream()
            .map(header -> header.getKey() + ": " + header.getValue() + "\n")
            .reduce("", String::concat)
            .replaceAll("(Bundle-Version: 0.1.0.)[0-9a-f]{16}", "$1VERSION"));
  }

  @Test
  void what_is_no_index_is_refused_with_its_line() {
    assertEquals("expected the line \"tracery translators 1\"", refusal("PK"));
    assertEquals("line 2: expected four words", refusal("tracery translators 1\na b\n"));
    assertEquals(
        "line 2: expected 32 bytes but found 1", refusal("tracery translators 1\ns/e 00 1 C\n"));
  }

  private static String refusal(String index) {
    return String.valueOf(
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    TranslatorIndex.read(
                        new ByteArrayInputStream(index.getBytes(StandardCharsets.UTF_8))))
            .getMessage());
  }

  @Test
  void an_event_whose_plan_is_refused_is_left_out_and_the_others_are_not() throws IOException {
    List<DecodePlan> plans = SamplePlans.of(SamplePlans.S390X).subList(0, 3);
    DecodePlan.Builder refused = plans.getFirst().toBuilder();
    refused.getOperationsBuilder(0).setFieldNumber(0);
    assertArrayEquals(
        bundle(plans.subList(1, 3)), bundle(List.of(refused.build(), plans.get(1), plans.get(2))));
  }

  @Test
  void what_the_index_has_not_is_not_translated() throws IOException {
    List<DecodePlan> plans = SamplePlans.of(SamplePlans.S390X).subList(0, 3);
    IndexedTranslators translators = Jar.read(bundle(plans)).translators();
    EventName event = EventName.parse(plans.getFirst().getEvent());
    Sha256 layout = Sha256.ofBytes(plans.getFirst().getLayoutHash().toByteArray());
    assertNull(translators.translator(event, layout, 2));
    assertNull(translators.translator(new EventName("no", "event"), layout, 1));
    assertNull(translators.translator(event, new Sha256(1, 2, 3, 4), 1));
  }

  private static byte[] bundle(List<DecodePlan> plans) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new BundleWriter().write(ABOUT, plans, out);
    return out.toByteArray();
  }
}
