package dev.tracery.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.TextFormat;
import dev.tracery.consumer.EventUse.Parameter;
import dev.tracery.consumer.FieldUse.Place;
import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConsumerReaderTest {

  private static final EventName SWITCH = EventName.parse("sched/sched_switch");

  @Test
  void whatIsWrittenReadsAsItWas() {
    Consumer consumer =
        new Consumer(
            "everything",
            "1.0~rc1+größe",
            "https://example.org/everything.c",
            List.of(
                one(use(AccessClass.BY_NAME, named("prev_pid"), named("page", "pfn", "folio"))),
                one(
                    use(
                        AccessClass.BY_OFFSET,
                        new FieldUse(
                            List.of(), false, false, 0, place(8, 16, Optional.empty()), false),
                        new FieldUse(
                            List.of("prio"),
                            true,
                            true,
                            1,
                            place(24, 4, Optional.of(true)),
                            true))),
                one(
                    new EventUse(
                        SWITCH,
                        AccessClass.POSITIONAL,
                        List.of(named("prev_comm")),
                        true,
                        "",
                        null,
                        List.of(),
                        "",
                        Sha256.of(new byte[] {1}))),
                one(
                    new EventUse(
                        SWITCH,
                        AccessClass.BTF_STRUCT,
                        List.of(named("prev_pid")),
                        false,
                        "trace_event_raw_sched_switch",
                        null,
                        List.of(),
                        "",
                        null)),
                new Requirement(
                    List.of(
                        text(new TextUse.Pattern("prev_pid=(\\d+)")),
                        text(new TextUse.Keys(List.of("prev_pid", "prev_state"))),
                        text(new TextUse.Whole())),
                    true),
                one(
                    new EventUse(
                        SWITCH,
                        AccessClass.RAW_ARGS,
                        List.of(),
                        false,
                        "",
                        null,
                        List.of(
                            new Parameter("bool", "preempt"),
                            new Parameter("struct task_struct *", "")),
                        "",
                        null)),
                one(
                    new EventUse(
                        null,
                        AccessClass.PINNED_KERNEL,
                        List.of(),
                        false,
                        "",
                        null,
                        List.of(),
                        "6.1.0-50-amd64",
                        null))));
    ConsumerReader.Result result = ConsumerReader.read("tool", ConsumerWriter.write(consumer));
    assertEquals(new ConsumerReader.Result(Optional.of(consumer), List.of(), 0), result);
    assertEquals(consumer, ConsumerReader.readStored(ConsumerWriter.write(consumer)));
  }

  /// What is wrong with a consumer whose only requirement is this use.
  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      value = {
        "event: 'a/b' =>.access: expected how the event is read, ACCESS_CLASS_BY_NAME (1) to"
            + " ACCESS_CLASS_PINNED_KERNEL (7), but found 0",
        "event: 'a/b' access: 99 =>.access: expected how the event is read, ACCESS_CLASS_BY_NAME (1)"
            + " to ACCESS_CLASS_PINNED_KERNEL (7), but found 99",
        "access: 1 =>.event: expected system/name but found \"\", which has no '/'",
        "event: 'a:b' access: 1 =>.event: expected system/name but found \"a:b\": write \"a/b\"",
        "event: 'a/b' access: 1 fields {} =>.fields[0].names: expected the field's name but found"
            + " nothing",
        "event: 'a/b' access: 1 fields { names: 'x y' } =>.fields[0].names[0]: cannot contain the"
            + " character U+0020, at position 2",
        "event: 'a/b' access: 1 fields { names: 'x' } fields { names: 'x' } =>.fields[1].names[0]:"
            + " \"x\" is listed twice; $.fields[0].names[0] has it, too",
        "event: 'a/b' access: 1 fields { names: 'x' names: 'x' } =>.fields[0].names[1]: \"x\" is"
            + " listed twice; $.fields[0].names[0] has it, too",
        "event: 'a/b' access: 1 fields { names: 'x' occurrence: 1024 }"
            + " =>.fields[0].occurrence: expected 0 to 1023 but found 1024",
        "event: 'a/b' access: 1 fields { names: 'x' name_matters: true } =>.fields[0].name_matters:"
            + " is for BY_OFFSET only; where fields are found by name it does",
        "event: 'a/b' access: 2 fields { names: 'x' } =>.fields[0].place: expected the offset and"
            + " size of the field but found none",
        "event: 'a/b' access: 2 fields { place { offset: 4 } } =>.fields[0].place.size: expected 1 to"
            + " 65532 but found 0",
        "event: 'a/b' access: 2 fields { place { offset: 65536 size: 1 } } =>.fields[0].place.offset:"
            + " expected 0 to 65535 but found 65536",
        "event: 'a/b' access: 2 fields { place { offset: 65530 size: 7 } } =>.fields[0].place.size:"
            + " expected 1 to 6 but found 7",
        "event: 'a/b' access: 2 fields { place { size: 1 } } fields { place { size: 1 } }"
            + " =>.fields[1].place: these bytes are listed twice; $.fields[0] has them, too",
        "event: 'a/b' access: 2 fields { place { size: 1 } name_matters: true }"
            + " =>.fields[0].name_matters: the field has no name that could matter",
        "event: 'a/b' access: 1 exact_count: true =>.exact_count: is for POSITIONAL only, and this"
            + " use is BY_NAME",
        "event: 'a/b' access: 1 struct_name: 's' =>.struct_name: is for BTF_STRUCT only, and this use"
            + " is BY_NAME",
        "event: 'a/b' access: 4 =>.struct_name: expected a struct's name, such as"
            + " trace_event_raw_sched_switch, but found \"\"",
        "event: 'a/b' access: 4 struct_name: 'struct s' =>.struct_name: expected a struct's name,"
            + " such as trace_event_raw_sched_switch, but found \"struct s\"",
        "event: 'a/b' access: 5 =>.text: expected what of the text is read but found nothing",
        "event: 'a/b' access: 5 text { pattern: '' } =>.text.pattern: expected a regular expression"
            + " but found nothing",
        "event: 'a/b' access: 5 text { keys {} } =>.text.keys.keys: expected the keys that are read"
            + " but found nothing",
        "event: 'a/b' access: 5 text { keys { keys: 'pid=' } } =>.text.keys.keys[0]: expected a key"
            + " without its = but found \"pid=\"",
        "event: 'a/b' access: 5 text { keys { keys: 'p' keys: 'p' } } =>.text.keys.keys[1]: \"p\" is"
            + " listed twice",
        "event: 'a/b' access: 5 text { whole {} } fields { names: 'x' } =>.fields: a use PRINT_TEXT"
            + " has no fields",
        "event: 'a/b' access: 1 text { whole {} } =>.text: is for PRINT_TEXT only, and this use is"
            + " BY_NAME",
        "event: 'a/b' access: 6 =>.parameters: expected a list of parameters, which may be empty, but"
            + " found none",
        "event: 'a/b' access: 6 parameters { parameters {} } =>.parameters.parameters[0].type:"
            + " expected a C type but found nothing",
        "event: 'a/b' access: 1 parameters {} =>.parameters: is for RAW_ARGS only, and this use is"
            + " BY_NAME",
        "access: 7 =>.kernel: expected the kernel's release, build string or id but found nothing",
        "event: 'a/b' access: 1 kernel: '6.1' =>.kernel: is for PINNED_KERNEL only, and this use is"
            + " BY_NAME",
        "event: 'a/b' access: 1 reference_layout: 'abc' =>.reference_layout: expected a SHA-256 of 32"
            + " bytes but found 3 bytes",
      })
  void aUseThatIsNotAsItShouldBe(String use, String problem) {
    String at = "consumer.requirements[0].any_of[0]";
    assertEquals(
        at + problem.replace("$", at),
        problems("name: 't' version: '1' requirements { any_of { " + use + " } }"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      value = {
        "name: '' =>name: expected a tool's name but found nothing",
        "name: 'a b' =>name: cannot contain the character U+0020, at position 2",
        "name: 'a\\033[1m' =>name: cannot contain the character U+001B, at position 2",
        "name: 'a\\342\\200\\256b' =>name: cannot contain the character U+202E, at position 2",
        "name: 'a/b' =>name: cannot contain /, which commands give a meaning",
        "name: 'a*' =>name: cannot contain *, which commands give a meaning",
        "version: '' =>version: expected the tool's version but found nothing",
        "version: '*' =>version: cannot be *, which stands for every version",
        "source: 'a\\nb' =>source: cannot contain the character U+000A, at position 2",
      })
  void aNameThatIsNone(String part, String problem) {
    String rest =
        (part.startsWith("name") ? "" : "name: 't' ")
            + (part.startsWith("version") ? "" : "version: '1' ")
            + "requirements { any_of { event: 'a/b' access: 1 } } ";
    assertEquals("consumer." + problem, problems(rest + part));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      value = {
        "=>: expected what the tool needs but found nothing",
        "requirements {} =>[0].any_of: expected how an event is used but found nothing",
        "requirements { any_of { event: 'a/b' access: 1 } } requirements { any_of { event: 'a/b'"
            + " access: 1 } } =>[1]: says the same as $[0]",
        "requirements { any_of { event: 'a/b' access: 1 } any_of { event: 'a/b' access: 1 } }"
            + " =>[0].any_of[1]: is listed twice among the alternatives",
        "requirements { any_of { event: 'a/b' access: 1 fields { names: 'x' } } } requirements {"
            + " any_of { event: 'a/b' access: 1 fields { names: 'y' } fields { names: 'x' } }"
            + " optional: true } =>[1].any_of[0].fields[1].names[0]: \"x\" is listed twice; $[0] has"
            + " it, too",
        "requirements { any_of { event: 'a/b' access: 3 fields { names: 'x' } } } requirements {"
            + " any_of { event: 'a/b' access: 3 fields { names: 'y' } } } =>[1].any_of[0].fields: the"
            + " fields of a/b are in the order of $[0] already",
        "requirements { any_of { access: 7 kernel: '1' } } requirements { any_of { access: 7 kernel:"
            + " '2' } } =>[1].any_of[0].kernel: the tool is built for \"1\" already; list kernels as"
            + " alternatives of one requirement",
      })
  void requirementsThatContradictEachOther(String requirements, String problem) {
    String at = "consumer.requirements";
    assertEquals(
        at + problem.replace("$", at),
        problems("name: 't' version: '1' " + (requirements == null ? "" : requirements)));
  }

  @Test
  void usesThatDoNotContradictEachOtherAreAccepted() {
    assertEquals(
        "",
        problems(
            """
            name: 't' version: '1'
            requirements { any_of { event: 'a/b' access: 1 fields { names: 'x' } } }
            requirements { any_of { event: 'a/b' access: 1 fields { names: 'y' } } optional: true }
            requirements { any_of { event: 'a/b' access: 2 fields { names: 'x' place { size: 1 } } } }
            requirements { any_of { event: 'a/b' access: 1 fields { names: 'x' occurrence: 1 } } }
            requirements { any_of { access: 7 kernel: '1' } any_of { access: 7 kernel: '2' } }
            """));
  }

  @Test
  void allProblemsAreSaid() {
    assertEquals(
        """
        consumer.version: expected the tool's version but found nothing
        consumer.requirements[0].any_of[0].event: expected system/name but found "ab", which has no '/'
        consumer.requirements[0].any_of[0].fields[0].names[0]: expected a field's name but found nothing
        consumer.requirements[1].any_of: expected how an event is used but found nothing\
        """,
        problems(
            "name: 't' requirements { any_of { event: 'ab' access: 1 fields { names: '' } } }"
                + " requirements {}"));
  }

  @Test
  void aHundredThousandRequirementsAreOneProblem() {
    dev.tracery.v1.Consumer.Builder wire =
        dev.tracery.v1.Consumer.newBuilder().setName("t").setVersion("1");
    for (int i = 0; i < 100_000; i++) {
      wire.addRequirementsBuilder();
    }
    ConsumerReader.Result result = ConsumerReader.read("tool", wire.build());
    assertEquals(
        new ConsumerReader.Result(
            Optional.empty(),
            List.of(
                new ConsumerReader.Problem(
                    "tool.requirements", "at most 1000 are allowed, not 100000")),
            1),
        result);
  }

  @Test
  void problemsBeyondTheHundredthAreCountedOnly() {
    dev.tracery.v1.Consumer.Builder wire =
        dev.tracery.v1.Consumer.newBuilder().setName("t").setVersion("1");
    for (int i = 0; i < 1_000; i++) {
      wire.addRequirementsBuilder();
    }
    ConsumerReader.Result result = ConsumerReader.read("tool", wire.build());
    assertEquals(100, result.problems().size());
    assertEquals(1_000, result.problemCount());
  }

  @Test
  void whatIsStoredMayNeedOneFieldTwiceButMustBeWellFormed() throws Exception {
    String twice = "requirements { any_of { event: 'a/b' access: 1 fields { names: 'x' } } } ";
    dev.tracery.v1.Consumer.Builder wire = dev.tracery.v1.Consumer.newBuilder();
    TextFormat.merge("name: 't' version: '1' " + twice + twice, wire);
    assertEquals(2, ConsumerReader.readStored(wire.build()).requirements().size());
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> ConsumerReader.readStored(wire.clearName().build()));
    assertEquals("consumer.name: expected a tool's name but found nothing", refused.getMessage());
  }

  @Test
  void namesAreCheckedAlone() {
    assertEquals(Optional.empty(), ConsumerReader.problemOfName("perf"));
    assertEquals(
        Optional.of("at most 100 characters are allowed, not 101"),
        ConsumerReader.problemOfName("x".repeat(101)));
    assertEquals(
        Optional.of("cannot be *, which stands for every version"),
        ConsumerReader.problemOfVersion("*"));
  }

  private static String problems(String text) {
    dev.tracery.v1.Consumer.Builder wire = dev.tracery.v1.Consumer.newBuilder();
    try {
      TextFormat.merge(text, wire);
    } catch (TextFormat.ParseException e) {
      throw new IllegalArgumentException(e);
    }
    return ConsumerReader.read("consumer", wire.build()).problems().stream()
        .map(ConsumerReader.Problem::toString)
        .collect(Collectors.joining("\n"));
  }

  private static Requirement one(EventUse use) {
    return new Requirement(List.of(use), false);
  }

  private static EventUse use(AccessClass access, FieldUse... fields) {
    return new EventUse(SWITCH, access, List.of(fields), false, "", null, List.of(), "", null);
  }

  private static EventUse text(TextUse text) {
    return new EventUse(
        SWITCH, AccessClass.PRINT_TEXT, List.of(), false, "", text, List.of(), "", null);
  }

  private static FieldUse named(String... names) {
    return new FieldUse(List.of(names), false, false, 0, null, false);
  }

  private static Place place(int offset, int size, Optional<Boolean> signed) {
    return new Place(offset, size, signed);
  }
}
