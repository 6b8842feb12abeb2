package dev.tracery.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServeOptionsTest {
  private static final Map<String, String> HOME = Map.of("HOME", "/home/ada");

  private static ServeOptions parse(String... arguments) {
    return ServeOptions.parse(List.of(arguments), HOME);
  }

  @Test
  void listensOnLoopbackAndKeepsItsDataInTheHomeDirectoryByDefault() {
    assertEquals(
        new ServeOptions(
            new ListenAddress("localhost", 7411),
            Path.of("/home/ada/.local/share/tracery"),
            Optional.empty(),
            Map.of(),
            false,
            false),
        parse());
  }

  @Test
  void takesEveryOptionWithASpaceOrAnEqualsSign() {
    var expected =
        new ServeOptions(
            new ListenAddress("::1", 0),
            Path.of("/d"),
            Optional.of(Path.of("/c")),
            Map.of(),
            true,
            false);

    assertEquals(
        expected, parse("--listen", "[::1]:0", "--data", "/d", "--config", "/c", "--with-samples"));
    assertEquals(expected, parse("--listen=[::1]:0", "--data=/d", "--config=/c", "--with-samples"));
  }

  @Test
  void takesFilesAsTheSettingsThatNameThem() {
    assertEquals(
        Map.of(
            "tracery.tls.cert", "/c",
            "tracery.tls.key", "/k",
            "tracery.tls.client-ca", "/a",
            "tracery.auth.token-file", Path.of("t").toAbsolutePath().toString()),
        parse("--tls-cert", "/c", "--tls-key=/k", "--tls-client-ca", "/a", "--token-file", "t")
            .settings());
  }

  @Test
  void takesTheStoreAndAddressesAsSettings() {
    assertEquals(
        Map.of(
            "tracery.store.url", "postgres://t@db:5432/t?sslmode=verify-full",
            "tracery.store.password-file", "/p",
            "tracery.advertise", "[2001:db8::1]:7411",
            "tracery.metrics.listen", "0.0.0.0:9411"),
        parse(
                "--store=postgres://t@db:5432/t?sslmode=verify-full",
                "--store-password-file",
                "/p",
                "--advertise=[2001:db8::1]:7411",
                "--metrics-listen",
                "0.0.0.0:9411")
            .settings());
  }

  @Test
  void takesTheStoreFromTheEnvironmentUnlessAnOptionNamesAnother() {
    var environment = Map.of("HOME", "/h", "TRACERY_STORE", "postgres://a/b");

    assertEquals(
        Map.of("tracery.store.url", "postgres://a/b"),
        ServeOptions.parse(List.of(), environment).settings());
    assertEquals(
        Map.of("tracery.store.url", "sqlite"),
        ServeOptions.parse(List.of("--store", "sqlite"), environment).settings());
    assertEquals(
        Map.of(),
        ServeOptions.parse(List.of(), Map.of("HOME", "/h", "TRACERY_STORE", "")).settings());
  }

  @Test
  void prefersTheXdgDataDirectoryIfItIsAbsolute() {
    assertEquals(
        Path.of("/xdg/tracery"),
        ServeOptions.parse(List.of(), Map.of("HOME", "/h", "XDG_DATA_HOME", "/xdg")).data());
    assertEquals(
        Path.of("/h/.local/share/tracery"),
        ServeOptions.parse(List.of(), Map.of("HOME", "/h", "XDG_DATA_HOME", "xdg")).data());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --listen              | --listen needs a value (see tracery serve --help)
          --data=               | --data needs a value (see tracery serve --help)
          --tls-cert            | --tls-cert needs a value (see tracery serve --help)
          --with-samples=yes    | --with-samples takes no value (see tracery serve --help)
          --port                | unknown argument '--port' (see tracery serve --help)
          kernels               | unknown argument 'kernels' (see tracery serve --help)
          --listen=7411         | --listen '7411': expected HOST:PORT, as in localhost:7411
          --listen=:7411        | --listen ':7411': expected HOST:PORT, as in localhost:7411
          --listen=h:65536      | --listen 'h:65536': the port is a number from 0 to 65535
          --listen=h:x          | --listen 'h:x': the port is a number from 0 to 65535
          --store=              | --store needs a value (see tracery serve --help)
          --advertise=here      | --advertise 'here': expected HOST:PORT, as in localhost:7411
          --advertise=here:0    | --advertise 'here:0': nobody can call port 0 (see tracery serve --help)
          --metrics-listen=9411 | --metrics-listen '9411': expected HOST:PORT, as in localhost:7411
          --listen=::1:7411     | --listen '::1:7411': an IPv6 address is written in brackets, as in [::1]:7411
          """)
  void refusesWithOneLine(String argument, String message) {
    var refusal = assertThrows(LaunchException.class, () -> parse(argument));

    assertEquals(message, refusal.getMessage());
    assertEquals(2, refusal.exitStatus());
  }

  @Test
  void needsAHomeOrADataDirectory() {
    var refusal =
        assertThrows(LaunchException.class, () -> ServeOptions.parse(List.of(), Map.of()));

    assertEquals(
        "neither XDG_DATA_HOME nor HOME is set: name a directory with --data"
            + " (see tracery serve --help)",
        refusal.getMessage());
  }
}
