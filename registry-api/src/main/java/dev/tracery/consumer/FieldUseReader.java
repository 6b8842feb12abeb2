package dev.tracery.consumer;

import dev.tracery.consumer.FieldUse.Place;
import dev.tracery.v1.FieldPlace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the fields of one use, one after the other, and finds what is listed twice. Not
/// thread-safe.
final class FieldUseReader {

  private static final int MAX_NAME_LENGTH = 255;
  private static final int MAX_OCCURRENCE = 1_023;
  // Why: a record of the ring buffer fits into a sub-buffer, whose largest order gives 64 KiB.
  private static final int MAX_RECORD_SIZE = 65_536;

  private record Identity(String name, int occurrence) {}

  private final AccessClass access;
  private final Problems problems;
  private final Map<Identity, String> listed = new HashMap<>();
  private final Map<Place, String> namelessPlaces = new HashMap<>();

  FieldUseReader(AccessClass access, Problems problems) {
    this.access = access;
    this.problems = problems;
  }

  FieldUse read(String path, dev.tracery.v1.FieldUse wire) {
    int occurrence = occurrence(path, wire);
    List<String> names = names(path, wire, occurrence);
    Place place = place(path, wire);
    if (names.isEmpty() && place != null) {
      String other = namelessPlaces.putIfAbsent(place, path);
      if (other != null) {
        problems.add(path + ".place", "these bytes are listed twice; " + other + " has them, too");
      }
    }
    if (wire.getNameMatters()) {
      if (access != AccessClass.BY_OFFSET) {
        problems.add(
            path + ".name_matters",
            "is for BY_OFFSET only; where fields are found by name it does");
      } else if (names.isEmpty()) {
        problems.add(path + ".name_matters", "the field has no name that could matter");
      }
    }
    return new FieldUse(
        names,
        wire.getOptional(),
        wire.getInterpretsValues(),
        occurrence,
        place,
        wire.getNameMatters());
  }

  private int occurrence(String path, dev.tracery.v1.FieldUse wire) {
    int occurrence = wire.getOccurrence();
    if (occurrence < 0 || occurrence > MAX_OCCURRENCE) {
      problems.add(
          path + ".occurrence",
          "expected 0 to " + MAX_OCCURRENCE + " but found " + Integer.toUnsignedString(occurrence));
      return 0;
    }
    return occurrence;
  }

  private List<String> names(String path, dev.tracery.v1.FieldUse wire, int occurrence) {
    String namesPath = path + ".names";
    if (wire.getNamesCount() == 0 && access != AccessClass.BY_OFFSET) {
      problems.add(namesPath, "expected the field's name but found nothing");
    }
    int count = problems.bounded(namesPath, wire.getNamesCount(), ConsumerReader.MAX_ALTERNATIVES);
    for (int i = 0; i < count; i++) {
      String namePath = namesPath + "[" + i + "]";
      String name = wire.getNames(i);
      problems.checkName(namePath, "a field's name", name, MAX_NAME_LENGTH);
      String other = listed.putIfAbsent(new Identity(name, occurrence), namePath);
      if (other != null) {
        problems.add(
            namePath, Problems.quoted(name) + " is listed twice; " + other + " has it, too");
      }
    }
    return wire.getNamesList().subList(0, count);
  }

  private @Nullable Place place(String path, dev.tracery.v1.FieldUse wire) {
    String placePath = path + ".place";
    if (!wire.hasPlace()) {
      if (access == AccessClass.BY_OFFSET) {
        problems.add(placePath, "expected the offset and size of the field but found none");
      }
      return null;
    }
    FieldPlace place = wire.getPlace();
    long offset = Integer.toUnsignedLong(place.getOffset());
    long size = Integer.toUnsignedLong(place.getSize());
    if (offset >= MAX_RECORD_SIZE) {
      problems.add(
          placePath + ".offset", "expected 0 to " + (MAX_RECORD_SIZE - 1) + " but found " + offset);
      return null;
    }
    if (size < 1 || size > MAX_RECORD_SIZE - offset) {
      problems.add(
          placePath + ".size",
          "expected 1 to " + (MAX_RECORD_SIZE - offset) + " but found " + size);
      return null;
    }
    return new Place(
        (int) offset,
        (int) size,
        place.hasSigned() ? Optional.of(place.getSigned()) : Optional.empty());
  }
}
