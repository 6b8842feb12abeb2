package dev.tracery.client.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tracery.client.decode.BooleanField;
import dev.tracery.client.decode.BytesField;
import dev.tracery.client.decode.EventDecoder;
import dev.tracery.client.decode.EventField;
import dev.tracery.client.decode.IntegerField;
import dev.tracery.client.decode.IntegersField;
import dev.tracery.client.decode.Symbols;
import dev.tracery.client.decode.TextField;
import dev.tracery.conformance.v1.FieldValue;
import dev.tracery.conformance.v1.PlanCase;
import dev.tracery.conformance.v1.RecordCase;
import dev.tracery.conformance.v1.RecordVectors;
import dev.tracery.conformance.v1.SignedList;
import dev.tracery.conformance.v1.SymbolNames;
import dev.tracery.conformance.v1.UnsignedList;
import dev.tracery.v1.EventReading;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordsTest {

  private static final List<PlanCase> PLANS =
      Vectors.read("records.json", RecordVectors.newBuilder()).getPlansList();

  @Test
  void every_plan_that_is_none_is_refused() {
    Tally tally = new Tally("plans");
    for (PlanCase plan : PLANS) {
      if (!plan.getRefused().isEmpty()) {
        tally.run(
            plan.getName(),
            () ->
                assertThrows(
                    IllegalArgumentException.class, () -> decoder(plan), plan.getRefused()));
      }
    }
    tally.end();
  }

  @Test
  void every_record_becomes_its_values_and_its_message() throws Exception {
    Tally tally = new Tally("records");
    for (PlanCase plan : PLANS) {
      if (plan.getRefused().isEmpty()) {
        for (RecordCase record : plan.getRecordsList()) {
          tally.run(plan.getName() + ", " + record.getName(), () -> check(decoder(plan), record));
        }
      }
    }
    tally.end();
  }

  private static EventDecoder decoder(PlanCase plan) throws InvalidProtocolBufferException {
    return EventDecoder.of(
        EventReading.newBuilder()
            .setEvent(plan.getPlan().getEvent())
            .setMessageName(plan.getMessageName())
            .setFile(FileDescriptorProto.parseFrom(plan.getFile()))
            .setDecodePlan(plan.getPlan())
            .build());
  }

  private static void check(EventDecoder decoder, RecordCase expected) {
    byte[] record = expected.getRecord().toByteArray();
    assertEquals(
        expected.getFieldsList(),
        decoder.fields().stream()
            .filter(field -> field.hasValue(record))
            .map(field -> value(field, record))
            .toList());
    assertEquals(expected.getMessage(), ByteString.copyFrom(decoder.message(record)));

    // Between bytes that must not be read, into a buffer that has more.
    byte[] bytes = new byte[record.length + 13];
    Arrays.fill(bytes, (byte) 0x77);
    System.arraycopy(record, 0, bytes, 5, record.length);
    byte[] out = new byte[decoder.maxMessageSize(record.length) + 3];
    int end = decoder.writeMessage(bytes, 5, record.length, out, 3);
    assertEquals(expected.getMessage(), ByteString.copyFrom(out, 3, end - 3));
    for (EventField field : decoder.fields()) {
      assertEquals(field.hasValue(record), field.hasValue(bytes, 5, record.length));
    }
    for (FieldValue field : expected.getFieldsList()) {
      if (field.getOccurrence() == 0) {
        assertEquals(field.getNumber(), decoder.field(field.getName()).orElseThrow().number());
      }
    }
  }

  private static FieldValue value(EventField field, byte[] record) {
    FieldValue.Builder value =
        FieldValue.newBuilder()
            .setNumber(field.number())
            .setName(field.name())
            .setOccurrence(field.occurrence());
    switch (field) {
      case IntegerField integer -> {
        long read = integer.get(record);
        if (integer.signed()) {
          value.setSignedInteger(read);
        } else {
          value.setUnsignedInteger(read);
        }
        integer.symbols().forEach(symbols -> value.addSymbols(names(symbols, read)));
      }
      case BooleanField bool -> value.setBoolean(bool.get(record));
      case TextField text -> value.setText(text.get(record));
      case BytesField data -> value.setData(ByteString.copyFrom(data.get(record)));
      case IntegersField list -> {
        List<Long> read = Arrays.stream(list.get(record)).boxed().toList();
        if (list.signed()) {
          value.setSignedList(SignedList.newBuilder().addAllValues(read));
        } else {
          value.setUnsignedList(UnsignedList.newBuilder().addAllValues(read));
        }
      }
    }
    return value.build();
  }

  private static SymbolNames names(Symbols symbols, long value) {
    Symbols.Names names = symbols.of(value);
    return SymbolNames.newBuilder().addAllNames(names.names()).setRest(names.rest()).build();
  }
}
