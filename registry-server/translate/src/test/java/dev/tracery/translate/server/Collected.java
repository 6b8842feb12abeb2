package dev.tracery.translate.server;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tracery.translation.Answers;
import dev.tracery.v1.EventSchema;
import dev.tracery.v1.TraceEvent;
import dev.tracery.v1.TraceItem;
import dev.tracery.v1.TranslateResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// What a stream has answered.
final class Collected implements Answers {

  final List<TraceItem> others = new ArrayList<>();
  final Map<Integer, EventSchema> schemas = new HashMap<>();
  final List<TraceEvent> events = new ArrayList<>();

  @Override
  public void send(byte[] response) {
    try {
      TranslateResponse.parseFrom(response).getItemsList().forEach(this::take);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  void take(TraceItem item) {
    switch (item.getItemCase()) {
      case EVENTS -> events.addAll(item.getEvents().getEventsList());
      case SCHEMA -> schemas.put(item.getSchema().getIndex(), item.getSchema());
      default -> others.add(item);
    }
  }

  @Override
  public void check() {}

  /// Everything but what translated: each event with its message's name.
  List<String> text() {
    List<String> text = new ArrayList<>();
    for (TraceEvent event : events) {
      EventSchema schema = schemas.get(event.getSchema());
      text.add((schema == null ? "?" : schema.getMessageName()) + event.toString());
    }
    return text;
  }

  /// The bytes of all events, and the items that are no events.
  int digest() {
    return 31 * events.hashCode() + others.hashCode();
  }

  TreeSet<String> translators() {
    TreeSet<String> names = new TreeSet<>();
    schemas.values().forEach(schema -> names.add(schema.getTranslator()));
    return names;
  }

  TraceItem last() {
    return others.getLast();
  }
}
