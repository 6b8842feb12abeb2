package dev.tracery.client.decode;

import dev.tracery.decode.FieldReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What descriptor and plan say of a field.
///
/// @param reader null where the plan has no operation for it
record FieldAbout(
    String name, int occurrence, int number, List<Symbols> symbols, @Nullable FieldReader reader) {}
