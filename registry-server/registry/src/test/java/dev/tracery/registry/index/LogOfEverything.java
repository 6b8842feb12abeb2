package dev.tracery.registry.index;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.Fingerprints;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import dev.tracery.registry.log.Commit;
import dev.tracery.registry.log.Entry;
import dev.tracery.v1.EventStruct;
import dev.tracery.v1.ParameterList;
import java.util.ArrayList;
import java.util.List;

/// A made-up log with entries of every kind.
public final class LogOfEverything {

  private static final String KERNEL =
      """
      kernel_registered {
        release: '%s' build: '#1' machine: 'x86_64' word_bytes: 8 page_size: 4096
        manifest_fingerprint: '%s' systems: [0, 1] first_ids: [10, 20] series: '%s'
      }
      """;

  private LogOfEverything() {}

  /// Its commits.
  public static List<Commit> commits() {
    List<Commit> commits = new ArrayList<>();
    String fingerprint = "f".repeat(32);
    String id =
        Fingerprints.kernelId(
            new KernelIdentity(
                "one", "#1", "x86_64", new Target(WordSize.BITS_64, ByteOrder.LITTLE_ENDIAN), 4096),
            Sha256.ofBytes(ByteString.copyFromUtf8(fingerprint).toByteArray()));
    commits.add(
        commit(
            """
            entries { schema_version_added {
              event: 'a/b' version: 1 message_name: 'linux.a.B' content: 'fields' } }
            entries { schema_version_added {
              event: 'c/d' version: 1 message_name: 'linux.c.D' content: 'others' } }
            entries { layout_added { hash: '%1$s' schema_version: 0 } }
            entries { layout_added { hash: '%2$s' schema_version: 1 } }
            entries { system_added { system: 'a' hash: '%3$s' layouts: 0 relative_ids: 0 } }
            entries { system_added { system: 'c' hash: '%4$s' layouts: 1 relative_ids: 7 } }
            entries { %5$s }
            """
                .formatted(
                    "1".repeat(32),
                    "2".repeat(32),
                    "3".repeat(32),
                    "4".repeat(32),
                    KERNEL.formatted("one", fingerprint, "line"))));
    commits.add(commit("entries { " + KERNEL.formatted("two", "g".repeat(32), "") + " }"));
    commits.add(commit("entries { series_joined { kernel_id: '" + id + "' series: 'another' } }"));
    Entry.Builder tracepoint = Entry.newBuilder();
    tracepoint
        .getTracepointAddedBuilder()
        .setName("b")
        .setParameters(
            merge("parameters { type: 'int' name: 'x' }", ParameterList.newBuilder())
                .toByteString());
    Entry.Builder struct = Entry.newBuilder();
    struct
        .getStructAddedBuilder()
        .setName("trace_event_raw_b")
        .setStruct(
            merge("name: 'trace_event_raw_b' size: 8", EventStruct.newBuilder()).toByteString());
    commits.add(
        Commit.newBuilder()
            .addEntries(tracepoint)
            .addEntries(struct)
            .addAllEntries(
                commit(
                        "entries { types_added { hash: '%s' tracepoints: 0 structs: 0 } }"
                                .formatted("5".repeat(32))
                            + "entries { kernel_types_added { kernel_id: '%s' types: 0 } }"
                                .formatted(id))
                    .getEntriesList())
            .build());
    commits.add(
        commit(
            """
            entries { schema_version_added {
              event: 'a/b' version: 2 message_name: 'linux.a.B' content: 'more' } }
            entries { layout_added { hash: '%s' schema_version: 2 } }
            entries { layouts_learned { word_bytes: 4 big_endian: true } }
            """
                .formatted("6".repeat(32))));
    String needs =
        "requirements { any_of { event: 'a/b' access: ACCESS_CLASS_BY_NAME fields { names: 'x' } } }";
    commits.add(
        commit(
            "entries { consumer_declared { consumer { name: 't' version: '1' source: 's' %s } } }"
                .formatted(needs)));
    commits.add(
        commit(
            "entries { consumer_observed { consumer { name: 'u' version: '2' %s } } }"
                .formatted(needs)));
    commits.add(
        commit(
            "entries { consumer_ended { name: 't' version: '1' superseded_by: '2' reason: 'r' } }"));
    commits.add(
        commit(
            """
            entries { waiver_given { waiver {
              name: 'w' reason: 'r' author: 'a' series: 'line' kernel: 'k' consumer: 'c'
              event: 'a/b' field: 'x' kind: CHANGE_KIND_FIELD_REMOVED } } }
            """));
    commits.add(
        commit(
            """
            entries { policy_changed {
              modes { series: 'line' mode: SERIES_MODE_ENFORCE }
              stability { events: 'a/*' stability: STABILITY_CLASS_STABLE } } }
            """));
    commits.add(
        commit(
            "entries { translator_installed { name: 'n' version: '1' jar_hash: '%s' } }"
                .formatted("7".repeat(32))));
    commits.add(commit("entries { translator_removed { name: 'n' } }"));
    return commits;
  }

  private static Commit commit(String text) {
    return (Commit) merge(text, Commit.newBuilder());
  }

  private static Message merge(String text, Message.Builder builder) {
    try {
      TextFormat.merge(text, builder);
      return builder.build();
    } catch (TextFormat.ParseException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
