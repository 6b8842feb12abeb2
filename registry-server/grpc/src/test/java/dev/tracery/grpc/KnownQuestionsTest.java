package dev.tracery.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tracery.grpc.wire.NegotiationWriter;
import dev.tracery.grpc.wire.QuestionReader;
import dev.tracery.registry.Compatibility.RunOutcome;
import dev.tracery.registry.Negotiation.Answer;
import dev.tracery.registry.Negotiation.Question;
import dev.tracery.v1.AccessClass;
import dev.tracery.v1.ByteOrder;
import dev.tracery.v1.Consumer;
import dev.tracery.v1.EventUse;
import dev.tracery.v1.KernelIdentity;
import dev.tracery.v1.NegotiateRequest;
import dev.tracery.v1.Requirement;
import dev.tracery.v1.SeenEvent;
import dev.tracery.v1.WordSize;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KnownQuestionsTest {

  private final KnownQuestions questions = new KnownQuestions();

  private static NegotiateRequest.Builder request(String name, String version) {
    return NegotiateRequest.newBuilder()
        .setTool(
            Consumer.newBuilder()
                .setName(name)
                .setVersion(version)
                .setSource("a/b.c")
                .addRequirements(
                    Requirement.newBuilder()
                        .addAnyOf(
                            EventUse.newBuilder()
                                .setEvent("sched/sched_switch")
                                .setAccess(AccessClass.ACCESS_CLASS_BY_NAME))))
        .setKernel(
            KernelIdentity.newBuilder()
                .setRelease("6.1")
                .setMachine("x86_64")
                .setWordSize(WordSize.WORD_SIZE_64)
                .setByteOrder(ByteOrder.BYTE_ORDER_LITTLE_ENDIAN)
                .setPageSize(4096))
        .addEvents(seen());
  }

  private static SeenEvent.Builder seen() {
    return SeenEvent.newBuilder()
        .setEvent("sched/sched_switch")
        .setId(319)
        .setLayoutHash(ByteString.copyFrom(FakeRegistry.KNOWN.bytes()));
  }

  private KnownQuestions.Asked keep(NegotiateRequest request) {
    return questions.keep(request.toByteArray(), request, QuestionReader.read(request));
  }

  private Optional<Question> find(NegotiateRequest request) {
    return questions.find(request.toByteArray()).map(KnownQuestions.Asked::question);
  }

  @Test
  void another_version_that_asks_the_same_is_known_by_its_own_name() {
    keep(request("opensnoop", "0.31.0").build());
    NegotiateRequest other = request("execsnoop-bpfcc", "1").build();
    assertEquals(Optional.of(QuestionReader.read(other)), find(other));
  }

  @Test
  void what_differs_in_anything_else_is_another_question() {
    NegotiateRequest.Builder like = request("opensnoop", "0.31.0");
    keep(like.build());
    assertEquals(Optional.empty(), find(like.clone().setDryRun(true).build()));
    assertEquals(Optional.empty(), find(like.clone().addApiVersions("tracery.v1").build()));
    NegotiateRequest.Builder source = like.clone();
    source.getToolBuilder().setSource("a/c.c");
    assertEquals(Optional.empty(), find(source.build()));
    NegotiateRequest.Builder id = like.clone();
    id.getEventsBuilder(0).setId(320);
    assertEquals(Optional.empty(), find(id.build()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"off*", "off/cpu", "off\u001b[2J", "off cpu", "öffcpu", ""})
  void a_name_that_may_be_wrong_is_read_as_ever(String name) {
    keep(request("opensnoop", "0.31.0").build());
    assertEquals(Optional.empty(), find(request(name, "1").build()));
  }

  @Test
  void a_name_that_comes_again_further_on_is_not_overlooked()
      throws InvalidProtocolBufferException {
    ByteString again =
        NegotiateRequest.newBuilder()
            .setTool(Consumer.newBuilder().setName("other"))
            .build()
            .toByteString();
    byte[] bytes = request("opensnoop", "1").build().toByteString().concat(again).toByteArray();
    NegotiateRequest message = NegotiateRequest.parseFrom(bytes);
    assertEquals("other", message.getTool().getName());
    questions.keep(bytes, message, QuestionReader.read(message));
    assertEquals(Optional.empty(), questions.find(bytes));
  }

  @Test
  void texts_are_not_kept() {
    NegotiateRequest.Builder request = request("opensnoop", "1");
    request.getEventsBuilder(0).setText(ByteString.copyFromUtf8("name: sched_switch"));
    keep(request.build());
    assertEquals(Optional.empty(), find(request.build()));
  }

  @Test
  void bytes_that_are_cut_short_are_no_question() {
    byte[] bytes = request("opensnoop", "1").build().toByteArray();
    keep(request("opensnoop", "1").build());
    for (int length = 0; length < bytes.length; length++) {
      assertEquals(Optional.empty(), questions.find(Arrays.copyOf(bytes, length)), "" + length);
    }
  }

  @Test
  void the_same_answer_is_written_once() {
    keep(request("opensnoop", "1").build());
    KnownQuestions.Asked asked =
        questions.find(request("opensnoop", "2").build().toByteArray()).orElseThrow();
    Answer answer =
        new Answer(
            RunOutcome.ACCEPTED,
            List.of(),
            List.of(),
            List.of(),
            Optional.of("0123456789abcdef"),
            Duration.ofSeconds(90),
            7);
    byte[] written = asked.written(answer);
    assertArrayEquals(NegotiationWriter.write(answer), written);
    assertSame(written, asked.written(answer.at(7)));
    assertNotSame(written, asked.written(answer.at(8)));
    assertArrayEquals(NegotiationWriter.write(answer.at(8)), asked.written(answer.at(8)));
  }
}
