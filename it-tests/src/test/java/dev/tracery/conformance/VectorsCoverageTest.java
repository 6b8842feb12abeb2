package dev.tracery.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.conformance.v1.Exchange;
import dev.tracery.conformance.v1.FieldValue;
import dev.tracery.conformance.v1.Kind;
import dev.tracery.conformance.v1.LayoutCase;
import dev.tracery.conformance.v1.LayoutVectors;
import dev.tracery.conformance.v1.NegotiationCase;
import dev.tracery.conformance.v1.NegotiationVectors;
import dev.tracery.conformance.v1.PlanCase;
import dev.tracery.conformance.v1.RecordCase;
import dev.tracery.conformance.v1.RecordVectors;
import dev.tracery.conformance.v1.Source;
import dev.tracery.conformance.v1.Start;
import dev.tracery.conformance.v1.SymbolNames;
import dev.tracery.it.SampleKernel;
import dev.tracery.v1.Arithmetic;
import dev.tracery.v1.Conversion;
import dev.tracery.v1.DecodeOperation;
import dev.tracery.v1.Placement;
import dev.tracery.v1.RunOutcome;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Whether the data of `clients/conformance`, as it is in the files, has a case of everything.
class VectorsCoverageTest {

  private static final LayoutVectors LAYOUTS = layouts();
  private static final RecordVectors RECORDS = records();
  private static final NegotiationVectors NEGOTIATIONS = negotiations();
  private static final int[] SIZES = {1, 2, 4, 8};

  private static LayoutVectors layouts() {
    LayoutVectors.Builder read = LayoutVectors.newBuilder();
    new VectorFile("layouts.json").read(read);
    return read.build();
  }

  private static RecordVectors records() {
    RecordVectors.Builder read = RecordVectors.newBuilder();
    new VectorFile("records.json").read(read);
    return read.build();
  }

  private static NegotiationVectors negotiations() {
    NegotiationVectors.Builder read = NegotiationVectors.newBuilder();
    new VectorFile("negotiations.json").read(read);
    return read.build();
  }

  @Test
  void layouts_are_of_every_kernel_and_of_every_word_size_and_byte_order() {
    assertTrue(LAYOUTS.getCasesCount() >= 100);
    Set<String> targets =
        LAYOUTS.getCasesList().stream()
            .map(one -> one.getWordSize() + " " + one.getByteOrder())
            .collect(Collectors.toSet());
    assertEquals(4, targets.size());
    for (String kernel : SampleKernel.ids()) {
      assertTrue(LAYOUTS.getCasesList().stream().anyMatch(one -> one.getName().startsWith(kernel)));
    }
    assertDistinct(LAYOUTS.getCasesList().stream().map(LayoutCase::getName));
  }

  private static void assertDistinct(Stream<String> names) {
    Set<String> had = new HashSet<>();
    assertEquals(List.of(), names.filter(name -> !had.add(name)).toList());
  }

  private static Stream<PlanCase> run() {
    return RECORDS.getPlansList().stream().filter(plan -> plan.getRefused().isEmpty());
  }

  private static Stream<FieldValue> values() {
    return run()
        .flatMap(plan -> plan.getRecordsList().stream())
        .flatMap(record -> record.getFieldsList().stream());
  }

  @Test
  void records_are_of_every_kernel_and_of_many_events() {
    Set<String> events = new TreeSet<>();
    int records = 0;
    for (String kernel : SampleKernel.ids()) {
      List<PlanCase> plans = run().filter(plan -> plan.getName().startsWith(kernel)).toList();
      assertTrue(plans.size() >= 20, kernel);
      plans.forEach(plan -> events.add(plan.getPlan().getEvent()));
      records += plans.stream().mapToInt(PlanCase::getRecordsCount).sum();
    }
    assertTrue(events.size() >= 100, () -> "only " + events.size());
    assertTrue(records >= 300, "only " + records);
    assertDistinct(RECORDS.getPlansList().stream().map(PlanCase::getName));
    run().forEach(plan -> assertDistinct(plan.getRecordsList().stream().map(RecordCase::getName)));
  }

  @Test
  void every_placement_is_combined_with_every_conversion_element_size_sign_and_byte_order() {
    Set<String> had =
        run()
            .flatMap(plan ->
                plan.getPlan().getOperationsList().stream()
                    .map(one -> plan.getPlan().getByteOrder() + " " + words(one)))
            .collect(Collectors.toSet());
    for (String order : List.of("BYTE_ORDER_LITTLE_ENDIAN ", "BYTE_ORDER_BIG_ENDIAN ")) {
      for (Placement placement : Placement.values()) {
        boolean located =
            placement == Placement.PLACEMENT_DATA_LOC || placement == Placement.PLACEMENT_REL_LOC;
        for (Conversion conversion : Conversion.values()) {
          if (placement == Placement.PLACEMENT_UNSPECIFIED
              || placement == Placement.UNRECOGNIZED
              || conversion == Conversion.CONVERSION_UNSPECIFIED
              || conversion == Conversion.UNRECOGNIZED) {
            continue;
          }
          boolean text =
              conversion == Conversion.CONVERSION_STRING
                  || conversion == Conversion.CONVERSION_BYTES;
          for (int word : located ? new int[] {2, 4} : new int[] {0}) {
            for (int element : text ? new int[] {1} : SIZES) {
              for (String sign : List.of("", " signed")) {
                String wanted =
                    order + placement + " " + word + " " + conversion + " " + element + sign;
                assertTrue(had.contains(wanted), wanted);
              }
            }
          }
        }
      }
    }
  }

  private static String words(DecodeOperation operation) {
    boolean located =
        operation.getPlacement() == Placement.PLACEMENT_DATA_LOC
            || operation.getPlacement() == Placement.PLACEMENT_REL_LOC;
    return operation.getPlacement()
        + " "
        + (located ? operation.getSize() : 0)
        + " "
        + operation.getConversion()
        + " "
        + operation.getElementSize()
        + (operation.getSigned() ? " signed" : "");
  }

  @Test
  void every_part_of_an_arithmetic_is_there_for_every_element_size_and_sign() {
    List<Predicate<Arithmetic>> parts =
        List.of(
            part -> part.getShiftRight() > 0,
            part -> part.getMask() != 0,
            part -> part.getMultiply() != 0,
            part -> part.getDivide() > 0,
            part -> part.getDivide() < 0,
            part -> part.getAdd() != 0,
            part -> part.equals(Arithmetic.getDefaultInstance()));
    for (int size : SIZES) {
      for (boolean signed : new boolean[] {true, false}) {
        for (Predicate<Arithmetic> part : parts) {
          assertTrue(
              run()
                  .flatMap(plan -> plan.getPlan().getOperationsList().stream())
                  .filter(one -> one.hasArithmetic() && one.getElementSize() == size)
                  .anyMatch(one -> one.getSigned() == signed && part.test(one.getArithmetic())));
        }
      }
    }
  }

  @Test
  void values_are_of_every_kind_and_extreme() {
    Set<FieldValue.ValueCase> kinds =
        values().map(FieldValue::getValueCase).collect(Collectors.toSet());
    assertEquals(FieldValue.ValueCase.values().length - 1, kinds.size());
    assertTrue(values().anyMatch(value -> value.getSignedInteger() == Long.MIN_VALUE));
    assertTrue(values().anyMatch(value -> value.getSignedInteger() == Long.MAX_VALUE));
    assertTrue(values().anyMatch(value -> value.getUnsignedInteger() == -1));
    assertTrue(values().anyMatch(value -> value.getText().contains("\ufffd")));
    assertTrue(values().anyMatch(value -> value.getOccurrence() > 0));
    assertTrue(
        values().anyMatch(value -> value.getSignedList().getValuesList().contains(Long.MIN_VALUE)));
    assertTrue(
        run()
            .flatMap(plan ->
                plan.getRecordsList().stream()
                    .map(one -> plan.getPlan().getOperationsCount() - one.getFieldsCount()))
            .anyMatch(missing -> missing > 0));
  }

  @Test
  void symbols_are_found_and_not_found_in_tables_of_both_kinds() {
    List<SymbolNames> all = values().flatMap(value -> value.getSymbolsList().stream()).toList();
    assertTrue(all.stream().anyMatch(one -> one.getNamesCount() > 1 && one.getRest() == 0));
    assertTrue(all.stream().anyMatch(one -> one.getNamesCount() > 1 && one.getRest() != 0));
    assertTrue(all.stream().anyMatch(one -> one.getNamesCount() == 1));
    assertTrue(all.stream().anyMatch(one -> one.getNamesCount() == 0 && one.getRest() != 0));
    assertTrue(all.stream().anyMatch(one -> one.getNamesCount() == 0 && one.getRest() == 0));
  }

  @Test
  void plans_are_refused_by_every_rule() {
    Set<String> rules =
        RECORDS.getPlansList().stream()
            .map(PlanCase::getRefused)
            .filter(why -> !why.isEmpty())
            .collect(Collectors.toSet());
    assertEquals(
        Set.of(
            "a field number is from 1 to 536870911",
            "field 1 has two operations",
            "the placement is unknown",
            "the conversion is unknown",
            "no record is so long",
            "a location word has 2 or 4 bytes",
            "integers have 1, 2, 4 or 8 bytes",
            "a shift is by 63 bits at most",
            "the byte order is unknown",
            "the word size is unknown"),
        rules);
  }

  @Test
  void negotiations_end_in_every_way() {
    assertTrue(NEGOTIATIONS.getCasesCount() >= 30);
    assertDistinct(NEGOTIATIONS.getCasesList().stream().map(NegotiationCase::getName));
    Set<String> ends =
        starts()
            .map(start -> start.getResult().getKind() + " " + start.getResult().getSource())
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(
        Set.of(
            Kind.KIND_STARTED + " " + Source.SOURCE_REGISTRY,
            Kind.KIND_STARTED + " " + Source.SOURCE_CACHE,
            Kind.KIND_STARTED + " " + Source.SOURCE_CACHE_OFFLINE,
            Kind.KIND_REFUSED + " " + Source.SOURCE_REGISTRY,
            Kind.KIND_REFUSED + " " + Source.SOURCE_CACHE_OFFLINE,
            Kind.KIND_UNREACHABLE + " " + Source.SOURCE_UNSPECIFIED,
            Kind.KIND_FAILED + " " + Source.SOURCE_UNSPECIFIED),
        ends);
    Set<RunOutcome> outcomes =
        starts().map(start -> start.getResult().getOutcome()).collect(Collectors.toSet());
    assertEquals(RunOutcome.values().length - 1, outcomes.size());
  }

  private static Stream<Start> starts() {
    return NEGOTIATIONS.getCasesList().stream().flatMap(one -> one.getStartsList().stream());
  }

  @Test
  void negotiations_have_every_circumstance() {
    assertTrue(starts().anyMatch(start -> !start.getResult().getNotesList().isEmpty()));
    assertTrue(starts().anyMatch(Start::getDryRun));
    assertTrue(starts().anyMatch(start -> start.hasKept() && !start.getIsKept()));
    assertTrue(
        starts()
            .anyMatch(start ->
                start.getResult().getWarningsList().stream()
                    .anyMatch(one -> one.endsWith("days ago"))));
    assertTrue(
        starts()
            .flatMap(start -> start.getExchangesList().stream())
            .map(Exchange::getRequest)
            .flatMap(request -> request.getEventsList().stream())
            .anyMatch(event -> !event.getText().isEmpty()));
    assertTrue(NEGOTIATIONS.getCasesList().stream().anyMatch(one -> one.getUnreadableCount() > 0));
    Set<String> targets =
        NEGOTIATIONS.getCasesList().stream()
            .map(one -> one.getKernel().getWordSize() + " " + one.getKernel().getByteOrder())
            .collect(Collectors.toSet());
    assertEquals(3, targets.size());
  }
}
