package dev.tracery.grpc.wire;

import dev.tracery.translation.TranslatorBundles.Bundle;
import dev.tracery.v1.Translator;
import dev.tracery.v1.TranslatorOrigin;
import dev.tracery.v1.TranslatorState;

/// Bundles that translate, for the wire.
public final class TranslatorWriter {

  private TranslatorWriter() {}

  /// One bundle.
  public static Translator write(Bundle bundle) {
    Translator.Builder out =
        Translator.newBuilder()
            .setName(bundle.name())
            .setVersion(bundle.version())
            .setOrigin(
                switch (bundle.origin()) {
                  case GENERATED -> TranslatorOrigin.TRANSLATOR_ORIGIN_GENERATED;
                  case INSTALLED -> TranslatorOrigin.TRANSLATOR_ORIGIN_INSTALLED;
                })
            .setState(
                switch (bundle.state()) {
                  case ACTIVE -> TranslatorState.TRANSLATOR_STATE_ACTIVE;
                  case QUARANTINED -> TranslatorState.TRANSLATOR_STATE_QUARANTINED;
                  case DRAINING -> TranslatorState.TRANSLATOR_STATE_DRAINING;
                })
            .setStateReason(bundle.stateReason())
            .setKernel(bundle.kernel())
            .setRelease(bundle.release())
            .setMachine(bundle.machine())
            .setLayouts(bundle.layouts())
            .addAllBridgedFields(bundle.bridgedFields())
            .setRanking(bundle.ranking())
            .setTranslatedRecords(bundle.translatedRecords())
            .setActiveStreams(bundle.activeStreams());
    bundle.lastUse().ifPresent(time -> out.setLastUseTime(KernelWriter.write(time)));
    return out.build();
  }
}
