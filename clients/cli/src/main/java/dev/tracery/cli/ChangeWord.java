package dev.tracery.cli;

import dev.tracery.v1.ChangeKind;

/// How each kind of change is called.
///
/// @param one `field moved`: in the line of the change
/// @param many `fields moved`: in the summary
record ChangeWord(String one, String many) {

  static ChangeWord of(ChangeKind kind) {
    return switch (kind) {
      case CHANGE_KIND_EVENT_ADDED -> new ChangeWord("event added", "events added");
      case CHANGE_KIND_EVENT_REMOVED -> new ChangeWord("event removed", "events removed");
      case CHANGE_KIND_EVENT_ID -> new ChangeWord("event id", "event ids changed");
      case CHANGE_KIND_FIELD_ADDED -> new ChangeWord("added", "fields added");
      case CHANGE_KIND_FIELD_REMOVED -> new ChangeWord("removed", "fields removed");
      case CHANGE_KIND_FIELD_MOVED -> new ChangeWord("moved", "fields moved");
      case CHANGE_KIND_FIELD_WIDENED -> new ChangeWord("widened", "fields widened");
      case CHANGE_KIND_FIELD_NARROWED -> new ChangeWord("narrowed", "fields narrowed");
      case CHANGE_KIND_FIELD_SIGNEDNESS -> new ChangeWord("sign", "fields with another sign");
      case CHANGE_KIND_FIELD_KIND -> new ChangeWord("kind", "fields of another kind");
      case CHANGE_KIND_FIELD_LENGTH -> new ChangeWord("length", "fields of another length");
      case CHANGE_KIND_FIELD_STORAGE -> new ChangeWord("storage", "fields stored differently");
      case CHANGE_KIND_FIELD_SPELLING -> new ChangeWord("spelling", "fields spelled differently");
      case CHANGE_KIND_FIELD_SYMBOLS -> new ChangeWord("symbols", "fields with other symbols");
      case CHANGE_KIND_FIELD_ORDER -> new ChangeWord("field order", "field orders changed");
      case CHANGE_KIND_PRINT_FORMAT -> new ChangeWord("print format", "print formats changed");
      case CHANGE_KIND_RECORD_SIZE -> new ChangeWord("record size", "record sizes changed");
      case CHANGE_KIND_WORD_SIZE -> new ChangeWord("word size", "word sizes changed");
      case CHANGE_KIND_BYTE_ORDER -> new ChangeWord("byte order", "byte orders changed");
      case CHANGE_KIND_EVENT_RENAMED -> new ChangeWord("perhaps renamed", "events perhaps renamed");
      case CHANGE_KIND_FIELD_RENAMED -> new ChangeWord("perhaps renamed", "fields perhaps renamed");
      case CHANGE_KIND_COMMON_FIELD_ADDED -> new ChangeWord("added", "common fields added");
      case CHANGE_KIND_COMMON_FIELD_REMOVED -> new ChangeWord("removed", "common fields removed");
      case CHANGE_KIND_COMMON_FIELD_MOVED -> new ChangeWord("moved", "common fields moved");
      case CHANGE_KIND_PARAMETERS ->
          new ChangeWord("parameters", "tracepoints with other parameters");
      case CHANGE_KIND_STRUCT -> new ChangeWord("struct", "structs changed");
      case CHANGE_KIND_UNSPECIFIED, UNRECOGNIZED ->
          new ChangeWord("changed", "changes of an unknown kind");
    };
  }
}
