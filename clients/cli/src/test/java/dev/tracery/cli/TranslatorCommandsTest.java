package dev.tracery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Timestamp;
import dev.tracery.client.FakeServer;
import dev.tracery.v1.ListTranslatorsResponse;
import dev.tracery.v1.RemoveTranslatorResponse;
import dev.tracery.v1.Translator;
import dev.tracery.v1.TranslatorOrigin;
import dev.tracery.v1.TranslatorServiceGrpc;
import dev.tracery.v1.TranslatorState;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `translators`. Installing is tested on a real server.
final class TranslatorCommandsTest {

  private static final Translator MADE =
      Translator.newBuilder()
          .setName("tracery.translator.8eb11a16422dbab4")
          .setVersion("0.1.0.36fbbea1b9aa1b0e")
          .setOrigin(TranslatorOrigin.TRANSLATOR_ORIGIN_GENERATED)
          .setState(TranslatorState.TRANSLATOR_STATE_ACTIVE)
          .setKernel("8eb11a16422dbab4")
          .setRelease("5.10.0-46-amd64")
          .setMachine("x86_64")
          .setLayouts(4256)
          .setRanking(-1)
          .setTranslatedRecords(47_839)
          .setActiveStreams(2)
          .setLastUseTime(Timestamp.newBuilder().setSeconds(1_700_000_000))
          .build();
  private static final Translator BRIDGE =
      Translator.newBuilder()
          .setName("my.bridge")
          .setVersion("1.0.0")
          .setOrigin(TranslatorOrigin.TRANSLATOR_ORIGIN_INSTALLED)
          .setState(TranslatorState.TRANSLATOR_STATE_QUARANTINED)
          .setStateReason("IllegalStateException: no\u001b[31m luck")
          .addAllBridgedFields(List.of("a/b.c", "a/b.d", "a/e.f"))
          .build();

  private static FakeServer server(List<Translator> translators) {
    return FakeServer.builder()
        .unary(
            TranslatorServiceGrpc.getListTranslatorsMethod(),
            _ -> ListTranslatorsResponse.newBuilder().addAllTranslators(translators).build())
        .unary(
            TranslatorServiceGrpc.getRemoveTranslatorMethod(),
            _ -> RemoveTranslatorResponse.newBuilder().setTranslator(BRIDGE).build())
        .start();
  }

  @Test
  void theListSaysHowEachIsAndWhy() {
    try (FakeServer server = server(List.of(BRIDGE, MADE))) {
      Golden.check("translators", Run.at(server.address(), "translators").toString());
      Golden.check(
          "translators-json",
          Run.at(server.address(), "translators", "--output", "json").toString());
    }
  }

  @Test
  void noTranslatorIsSaid() {
    try (FakeServer server = server(List.of())) {
      assertEquals(
          new Run(
              0,
              "NAME  VERSION  ORIGIN  STATE  RELEASE  LAYOUTS  RECORDS  STREAMS  BRIDGES\n",
              "tracery: no translator is installed, and none was made yet\n"),
          Run.at(server.address(), "translators"));
    }
  }

  @Test
  void removingSaysWhatWasRemoved() {
    try (FakeServer server = server(List.of())) {
      assertEquals(
          new Run(0, "my.bridge 1.0.0: removed\n", ""),
          Run.at(server.address(), "translators", "remove", "my.bridge"));
    }
  }

  @Test
  void aJarThatIsNotThereIsNamed() {
    assertEquals(
        new Run(2, "", "tracery: nowhere.jar: no such file or directory\n"),
        Run.of("translators", "install", "nowhere.jar"));
  }
}
