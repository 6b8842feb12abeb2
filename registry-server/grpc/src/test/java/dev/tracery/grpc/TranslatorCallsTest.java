package dev.tracery.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import dev.tracery.v1.InstallTranslatorRequest;
import dev.tracery.v1.InstallTranslatorResponse;
import dev.tracery.v1.ListTranslatorsRequest;
import dev.tracery.v1.RemoveTranslatorRequest;
import dev.tracery.v1.TranslatorServiceGrpc;
import io.grpc.StatusException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Bundles that are listed, installed and removed.
final class TranslatorCallsTest {

  @Test
  void the_list_has_everything_that_is_known_of_a_bundle() throws Exception {
    try (TestServer server = new TestServer()) {
      assertEquals(
          """
          name: "there"
          version: "1.0"
          origin: TRANSLATOR_ORIGIN_INSTALLED
          state: TRANSLATOR_STATE_QUARANTINED
          state_reason: "it throws"
          kernel: "k1"
          release: "6.1"
          machine: "x86_64"
          layouts: 3
          bridged_fields: "sched/sched_switch.prev_pid"
          ranking: 5
          translated_records: 100
          active_streams: 2
          last_use_time {
            seconds: 7
          }
          """,
          stub(server)
              .listTranslators(ListTranslatorsRequest.getDefaultInstance())
              .getTranslators(0)
              .toString());
    }
  }

  @Test
  void a_bundle_is_put_together_from_its_chunks() throws Exception {
    try (TestServer server = new TestServer()) {
      InstallTranslatorResponse answer = install(server, 1 << 19, 1 << 19, 5);
      assertEquals("new 2.0 1.0", text(answer));
      assertEquals(List.of("install " + ((1 << 20) + 5)), server.translations.asked);
    }
  }

  @Test
  void a_bundle_that_is_too_large_is_refused() {
    try (TestServer server = new TestServer()) {
      assertEquals(
          "RESOURCE_EXHAUSTED: the bundle has more than 3,145,728 bytes, which is the limit; set"
              + " tracery.translators.max-jar-bytes to raise it",
          refusal(() -> install(server, 1_000_000, 1_000_000, 1_000_000, 1_000_000)));
      assertEquals(List.of(), server.translations.asked);
    }
  }

  @Test
  void who_may_not_install_is_told_of_the_setting() {
    TranslationOptions never =
        TranslationOptions.read(Map.of(TranslationOptions.INSTALL, "never")::get);
    try (TestServer server = new TestServer(TestServer.OPTIONS, never)) {
      assertEquals(
          "PERMISSION_DENIED: this server lets nobody install translators, because their code runs"
              + " in it (tracery.translators.install = never)",
          refusal(() -> install(server, 5)));
      assertEquals(
          "PERMISSION_DENIED: this server lets nobody remove translators, because their code runs"
              + " in it (tracery.translators.install = never)",
          refusal(() ->
              stub(server)
                  .removeTranslator(RemoveTranslatorRequest.newBuilder().setName("a").build())));
      assertEquals(List.of(), server.translations.asked);
    }
  }

  @Test
  void a_bundle_is_removed_by_its_name() throws Exception {
    try (TestServer server = new TestServer()) {
      stub(server).removeTranslator(RemoveTranslatorRequest.newBuilder().setName("a").build());
      assertEquals(
          "INVALID_ARGUMENT: name: give the bundle's symbolic name",
          refusal(
              () -> stub(server).removeTranslator(RemoveTranslatorRequest.getDefaultInstance())));
      assertEquals(List.of("remove a"), server.translations.asked);
    }
  }

  @Test
  void a_setting_that_is_none_is_refused_by_its_name() {
    assertEquals(
        "tracery.translators.install: expected never, loopback, always but found \"maybe\"",
        org.junit.jupiter.api.Assertions.assertThrows(
                IllegalArgumentException.class,
                () -> TranslationOptions.read(Map.of(TranslationOptions.INSTALL, "maybe")::get))
            .getMessage());
  }

  private static TranslatorServiceGrpc.TranslatorServiceBlockingV2Stub stub(TestServer server) {
    return TranslatorServiceGrpc.newBlockingV2Stub(server.channel)
        .withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  private static InstallTranslatorResponse install(TestServer server, int... chunks)
      throws Exception {
    var call = stub(server).installTranslator();
    for (int size : chunks) {
      call.write(
          InstallTranslatorRequest.newBuilder()
              .setChunk(ByteString.copyFrom(new byte[size]))
              .build());
    }
    call.halfClose();
    return call.read();
  }

  private static String text(InstallTranslatorResponse answer) {
    return answer.getTranslator().getName()
        + " "
        + answer.getTranslator().getVersion()
        + " "
        + answer.getReplacedVersion();
  }

  private static String refusal(org.junit.jupiter.api.function.Executable call) {
    StatusException refused =
        org.junit.jupiter.api.Assertions.assertThrows(StatusException.class, call);
    return refused.getStatus().getCode() + ": " + refused.getStatus().getDescription();
  }
}
