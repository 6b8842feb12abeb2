package dev.tracery.launcher.dist;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The `Import-Package` and `Export-Package` headers of a bundle's manifest (OSGi Core 8, 3.2.5).
public final class PackageHeader {
  private PackageHeader() {}

  /// The packages of `header` with their `version` attribute, which may be a range; `0` where there
  /// is none.
  public static Map<String, String> versions(String header) {
    var versions = new TreeMap<String, String>();
    for (String clause : split(header, ',')) {
      var names = new ArrayList<String>();
      String version = "0";
      for (String part : split(clause, ';')) {
        int equals = part.indexOf('=');
        if (equals < 0) {
          names.add(part.strip());
        } else if (part.substring(0, equals).strip().equals("version")) {
          version = part.substring(equals + 1).strip().replace("\"", "");
        }
      }
      for (String name : names) {
        versions.put(name, version);
      }
    }
    return versions;
  }

  /// Splits at `separator`, but not within quotes.
  private static List<String> split(String text, char separator) {
    var parts = new ArrayList<String>();
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == separator && !quoted) {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }
}
