package dev.tracery.store.postgres;

import dev.tracery.model.NumberSetting;
import dev.tracery.store.StoreException;
import dev.tracery.store.StoreException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How a database is reached, and how its log is followed.
///
/// @param password empty for none
/// @param pollMillis how often the database is asked for its head
/// @param notifications whether it may be asked to tell by itself, too
/// @param connections how many may be open at a time, beside the one that follows the log
record Settings(
    DatabaseUrl url, String password, long pollMillis, boolean notifications, int connections) {

  private static final NumberSetting POLL_MILLIS =
      new NumberSetting("tracery.store.poll-millis", 10, 60_000, 1_000);
  private static final NumberSetting CONNECTIONS =
      new NumberSetting("tracery.store.connections", 2, 1_000, 8);
  private static final String PASSWORD_FILE = "tracery.store.password-file";
  private static final String PASSWORD_VARIABLE = "TRACERY_STORE_PASSWORD";

  /// As they are where nothing is said.
  static Settings of(String url, String password) {
    return new Settings(
        DatabaseUrl.parse(url),
        password,
        POLL_MILLIS.byDefault(),
        true,
        (int) CONNECTIONS.byDefault());
  }

  /// Reads the framework's properties.
  ///
  /// @throws StoreException UNUSABLE if one of them is wrong or missing
  static Settings read(
      Function<String, @Nullable String> properties, Map<String, String> environment) {
    String url = text(properties, "tracery.store.url");
    if (url.isEmpty()) {
      throw unusable("nothing says where the database is: set tracery.store.url");
    }
    try {
      return new Settings(
          DatabaseUrl.parse(url),
          password(text(properties, PASSWORD_FILE), environment),
          POLL_MILLIS.read(properties),
          notifications(text(properties, "tracery.store.notifications")),
          (int) CONNECTIONS.read(properties));
    } catch (IllegalArgumentException e) {
      throw unusable(String.valueOf(e.getMessage()));
    }
  }

  /// Without the password, so that no log can have it.
  @Override
  public String toString() {
    return url.toString();
  }

  private static String password(String file, Map<String, String> environment) {
    if (file.isEmpty()) {
      return environment.getOrDefault(PASSWORD_VARIABLE, "");
    }
    try {
      String password = Files.readString(Path.of(file)).strip();
      if (password.isEmpty()) {
        throw unusable("the password file " + file + " is empty: write the password into it");
      }
      return password;
    } catch (IOException | InvalidPathException e) {
      throw unusable(
          "the password file %s cannot be read (%s): make it readable for this user, or name another"
              .formatted(file, e));
    }
  }

  private static boolean notifications(String text) {
    return switch (text) {
      case "", "true" -> true;
      case "false" -> false;
      default ->
          throw unusable("tracery.store.notifications: expected true or false but found " + text);
    };
  }

  private static String text(Function<String, @Nullable String> properties, String name) {
    String text = properties.apply(name);
    return text == null ? "" : text.strip();
  }

  private static StoreException unusable(String message) {
    return new StoreException(Reason.UNUSABLE, message);
  }
}
