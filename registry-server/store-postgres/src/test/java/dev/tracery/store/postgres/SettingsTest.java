package dev.tracery.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.store.StoreException;
import dev.tracery.store.StoreException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SettingsTest {

  private static final String URL = "tracery.store.url";

  @TempDir Path directory;

  @Test
  void a_url_names_hosts_role_database_and_options() {
    DatabaseUrl url =
        DatabaseUrl.parse(
            "postgresql://a%40b@db1,[::1]:5433,db3:1/reg%20istry?sslmode=verify-full&application_name=x");

    assertEquals(
        new DatabaseUrl(
            List.of(
                new DatabaseUrl.Host("db1", 5432),
                new DatabaseUrl.Host("::1", 5433),
                new DatabaseUrl.Host("db3", 1)),
            "a@b",
            "reg istry",
            Map.of("sslmode", "verify-full", "ApplicationName", "x")),
        url);
    assertEquals("database reg istry on db1:5432,[::1]:5433,db3:1", url.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "mysql://h/d, it does not begin with postgres://",
    "postgres://h, it names no database",
    "postgres://h/, it names no database",
    "postgres:///d, it names no host",
    "'postgres://h,,i/d', it names no host",
    "postgres://h:0/d, a port is a number from 1 to 65535",
    "postgres://h:x/d, a port is a number from 1 to 65535",
    "postgres://::1/d, 'an IPv6 address is written in brackets, as in [::1]:5432'",
    "postgres://h/d?sslmode, after ? it has parameters NAME=VALUE with & between them",
    "postgres://h/d?ssl_mode=x, 'it has a parameter that the driver does not know, ssl_mode'",
    "postgres://h/%zz, it has a % that is not followed by two hexadecimal digits",
  })
  void a_wrong_url_is_refused(String url, String problem) {
    StoreException e = assertThrows(StoreException.class, () -> DatabaseUrl.parse(url));

    assertEquals(
        "UNUSABLE the database's URL cannot be read: "
            + problem
            + ": expected postgres://[USER@]HOST[:PORT][,HOST[:PORT]…]/DATABASE[?NAME=VALUE&…]",
        e.reason() + " " + e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "postgres://a:geheim@h/d",
    "postgres://h/d?password=geheim",
    "postgres://h/d?sslpassword=geheim"
  })
  void a_password_in_a_url_is_refused_and_not_said(String url) {
    StoreException e = assertThrows(StoreException.class, () -> DatabaseUrl.parse(url));

    assertEquals(
        "the database's URL has a password in it, which everybody on this machine could read: put it"
            + " into a file (--store-password-file) or into TRACERY_STORE_PASSWORD",
        e.getMessage());
  }

  @Test
  void the_password_is_in_a_file_or_in_the_environment() throws IOException {
    Path file = Files.writeString(directory.resolve("password"), "geheim\n");
    Map<String, String> environment = Map.of("TRACERY_STORE_PASSWORD", "other");

    Settings fromFile = read(Map.of("tracery.store.password-file", file.toString()), environment);
    assertEquals("geheim", fromFile.password());
    assertFalse(fromFile.toString().contains("geheim"));
    assertEquals("other", read(Map.of(), environment).password());
    assertEquals("", read(Map.of(), Map.of()).password());
  }

  @Test
  void a_password_file_that_is_missing_or_empty_is_refused() throws IOException {
    Path missing = directory.resolve("missing");
    StoreException e =
        assertThrows(
            StoreException.class,
            () -> read(Map.of("tracery.store.password-file", missing.toString()), Map.of()));
    assertTrue(
        String.valueOf(e.getMessage())
            .startsWith("the password file " + missing + " cannot be read ("),
        e::getMessage);

    Path empty = Files.writeString(directory.resolve("empty"), "\n");
    e =
        assertThrows(
            StoreException.class,
            () -> read(Map.of("tracery.store.password-file", empty.toString()), Map.of()));
    assertEquals(
        "the password file " + empty + " is empty: write the password into it", e.getMessage());
  }

  @Test
  void settings_are_read_and_wrong_ones_refused() {
    assertEquals(
        new Settings(DatabaseUrl.parse("postgres://h/d"), "", 20, false, 3),
        read(
            Map.of(
                "tracery.store.poll-millis",
                "20",
                "tracery.store.notifications",
                "false",
                "tracery.store.connections",
                "3"),
            Map.of()));
    for (Map<String, String> wrong :
        List.of(
            Map.of("tracery.store.poll-millis", "0"),
            Map.of("tracery.store.notifications", "yes"),
            Map.of("tracery.store.connections", "many"))) {
      StoreException e = assertThrows(StoreException.class, () -> read(wrong, Map.of()));
      assertEquals(Reason.UNUSABLE, e.reason());
      assertTrue(
          String.valueOf(e.getMessage()).startsWith(wrong.keySet().iterator().next()),
          e::getMessage);
    }
  }

  @Test
  void without_a_url_the_message_says_what_to_set() {
    StoreException e = assertThrows(StoreException.class, () -> Settings.read(_ -> null, Map.of()));

    assertEquals("nothing says where the database is: set tracery.store.url", e.getMessage());
  }

  private static Settings read(Map<String, String> given, Map<String, String> environment) {
    Map<String, String> properties = new HashMap<>(given);
    properties.put(URL, "postgres://h/d");
    return Settings.read(properties::get, environment);
  }
}
