package dev.tracery.conformance;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import dev.tracery.conformance.v1.FieldValue;
import dev.tracery.conformance.v1.SignedList;
import dev.tracery.conformance.v1.UnsignedList;
import dev.tracery.decode.ExpectedMessage;
import dev.tracery.v1.Conversion;
import dev.tracery.v1.DecodeOperation;
import dev.tracery.v1.DecodePlan;
import dev.tracery.v1.EventFieldOptions;
import dev.tracery.v1.OptionsProto;
import dev.tracery.v1.SymbolTable;
import dev.tracery.v1.WordSize;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/// The values of a record's fields as `decode.proto` says them, by other means than the project's
/// interpreter: those of [ExpectedMessage], and [PlainText] for strings.
final class PlainDecoder {

  private static final BigInteger TWO_64 = BigInteger.ONE.shiftLeft(64);

  private final DecodePlan plan;
  private final Map<Integer, EventFieldOptions> fields;
  private final List<DecodeOperation> operations;

  PlainDecoder(DecodePlan plan, FileDescriptorProto file) {
    this.plan = plan;
    this.fields =
        file.getMessageType(0).getFieldList().stream()
            .collect(
                Collectors.toMap(
                    FieldDescriptorProto::getNumber,
                    field -> field.getOptions().getExtension(OptionsProto.eventField)));
    this.operations =
        plan.getOperationsList().stream()
            .sorted(Comparator.comparingInt(DecodeOperation::getFieldNumber))
            .toList();
  }

  /// The fields that have a value, in the order of their numbers.
  List<FieldValue> values(byte[] record) {
    List<FieldValue> values = new ArrayList<>();
    for (DecodeOperation operation : operations) {
      ExpectedMessage.value(plan, operation, record)
          .flatMap(bytes -> value(operation, bytes))
          .ifPresent(value -> values.add(value.build()));
    }
    return values;
  }

  private Optional<FieldValue.Builder> value(DecodeOperation operation, byte[] bytes) {
    EventFieldOptions field = Objects.requireNonNull(fields.get(operation.getFieldNumber()));
    FieldValue.Builder value =
        FieldValue.newBuilder()
            .setNumber(operation.getFieldNumber())
            .setName(field.getName())
            .setOccurrence(field.getOccurrence());
    if (operation.getConversion() == Conversion.CONVERSION_STRING) {
      return Optional.of(value.setText(PlainText.of(bytes)));
    }
    return ExpectedMessage.converted(plan, operation, bytes)
        .map(converted ->
            switch (converted) {
              case Long number -> integer(operation, field, number, value);
              case Boolean truth -> value.setBoolean(truth);
              case ByteString data -> value.setData(data);
              case List<?> numbers -> list(operation, numbers, value);
              default -> throw new AssertionError(converted);
            });
  }

  private static FieldValue.Builder list(
      DecodeOperation operation, List<?> numbers, FieldValue.Builder value) {
    List<Long> longs = numbers.stream().map(Long.class::cast).toList();
    return isSigned(operation)
        ? value.setSignedList(SignedList.newBuilder().addAllValues(longs))
        : value.setUnsignedList(UnsignedList.newBuilder().addAllValues(longs));
  }

  /// Words of a bitmask are bits.
  private static boolean isSigned(DecodeOperation operation) {
    return operation.getSigned() && operation.getConversion() != Conversion.CONVERSION_BITMASK;
  }

  private FieldValue.Builder integer(
      DecodeOperation operation, EventFieldOptions field, long number, FieldValue.Builder value) {
    BigInteger whole = BigInteger.valueOf(number);
    if (operation.getSigned()) {
      value.setSignedInteger(number);
    } else {
      value.setUnsignedInteger(number);
      whole = whole.mod(TWO_64);
    }
    boolean is64 = plan.getWordSize() == WordSize.WORD_SIZE_64 || operation.getElementSize() == 8;
    for (SymbolTable table : field.getSymbolsList()) {
      value.addSymbols(PlainSymbols.of(table, whole, is64 ? 64 : 32));
    }
    return value;
  }

  static boolean isList(Conversion conversion) {
    return conversion == Conversion.CONVERSION_INTEGERS
        || conversion == Conversion.CONVERSION_BITMASK;
  }
}
