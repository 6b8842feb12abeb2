package dev.tracery.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.attribute.InnerClassInfo;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Lists what a module's exported packages show, so that a change of the API is a visible diff. The
/// listing is committed as `src/test/api/exported-api.txt` and rewritten by
/// `-Dtracery.rewrite=true`.
public final class ExportedApi {

  private static final Path CLASSES = Path.of("target", "classes");
  private static final Path LISTING = Path.of("src", "test", "api", "exported-api.txt");

  /// What every record or enum has says nothing.
  private static final Set<String> ALWAYS_THERE =
      Set.of("equals", "hashCode", "toString", "values", "valueOf");

  private ExportedApi() {}

  /// Compares the listing of these packages with the committed one.
  public static void check(String... packages) {
    String listing = list(packages);
    try {
      if (Boolean.getBoolean("tracery.rewrite")) {
        Files.createDirectories(LISTING.getParent());
        Files.writeString(LISTING, listing);
      }
      assertEquals(
          Files.readString(LISTING),
          listing,
          "the exported API has changed; if that is meant, run with -Dtracery.rewrite=true and review the diff");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String list(String... packages) {
    Set<String> lines = new TreeSet<>();
    for (String name : packages) {
      try (Stream<Path> files = Files.list(CLASSES.resolve(name.replace('.', '/')))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
          ClassModel type = ClassFile.of().parse(file);
          if (isVisible(type)) {
            lines.addAll(lines(type));
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
  }

  /// Public, and so is every type around it.
  private static boolean isVisible(ClassModel type) {
    if (!type.flags().has(AccessFlag.PUBLIC) || type.flags().has(AccessFlag.SYNTHETIC)) {
      return false;
    }
    return type.findAttribute(Attributes.innerClasses()).stream()
        .flatMap(inner -> inner.classes().stream())
        .filter(inner -> isAround(inner, type.thisClass()))
        .allMatch(inner -> inner.has(AccessFlag.PUBLIC));
  }

  private static boolean isAround(InnerClassInfo inner, ClassEntry type) {
    String name = inner.innerClass().asInternalName();
    String full = type.asInternalName();
    return full.equals(name) || full.startsWith(name + "$");
  }

  private static List<String> lines(ClassModel type) {
    String name = type.thisClass().asInternalName().replace('/', '.');
    List<String> lines = new ArrayList<>();
    lines.add(name);
    type.fields().stream()
        .filter(field -> isShown(field.flags().flags()))
        .forEach(field ->
            lines.add(name + "#" + field.fieldName() + ": " + shown(field.fieldTypeSymbol())));
    type.methods().stream()
        .filter(method -> isShown(method.flags().flags()))
        .filter(method -> !ALWAYS_THERE.contains(method.methodName().stringValue()))
        .forEach(method ->
            lines.add(name + "#" + method.methodName() + shown(method.methodTypeSymbol())));
    return lines;
  }

  private static boolean isShown(Set<AccessFlag> flags) {
    boolean open = flags.contains(AccessFlag.PUBLIC) || flags.contains(AccessFlag.PROTECTED);
    return open && !flags.contains(AccessFlag.SYNTHETIC);
  }

  private static String shown(MethodTypeDesc type) {
    return type.parameterList().stream()
        .map(ExportedApi::shown)
        .collect(Collectors.joining(", ", "(", "): " + shown(type.returnType())));
  }

  private static String shown(ClassDesc type) {
    return type.displayName();
  }
}
