package dev.tracery.cli;

import com.google.protobuf.ByteString;
import dev.tracery.v1.GetKernelTypesResponse;
import dev.tracery.v1.GetSchemaRequest;
import dev.tracery.v1.GetSchemaResponse;
import dev.tracery.v1.KernelTypes;
import dev.tracery.v1.SchemaPart;
import java.io.IOException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Shows one event's schema or layout.
@Command(
    name = "show",
    description = {
      "Show an event: its schema, or on one kernel its layout or what BTF says of it.",
      "",
      "Forms: `proto` is the message's .proto text (default); `layout` the fields with their places in",
      "the record (default with --kernel or --layout); `plan` how the record's bytes become the",
      "message's fields; `descriptor` the message's file in protobuf's text format, or, with --output",
      "json, the FileDescriptorSet that stands by itself as `descriptorSet`, in Base64."
    },
    footer = {
      "",
      "Examples:",
      "  $ tracery show sched/sched_switch",
      "  $ tracery show sched/sched_switch --kernel 6.1.0-56-amd64",
      "  $ tracery show sched/sched_switch --kernel 6.1.0-56-amd64 --params",
      "  $ tracery show sched/sched_switch --version 1 --format descriptor --output json"
    })
final class ShowCommand implements Callable<Integer> {

  private enum Form {
    proto,
    descriptor,
    plan,
    layout
  }

  /// Which version; none is the latest.
  private static final class Selector {
    @Option(names = "--kernel", paramLabel = "KERNEL", description = "As it is on this kernel.")
    private @Nullable String kernel;

    @Option(names = "--version", paramLabel = "N", description = "This schema version.")
    private @Nullable Integer version;

    @Option(
        names = "--layout",
        paramLabel = "HASH",
        description = "The layout with this hash: 64 hexadecimal digits, or Base64.")
    private @Nullable String layout;

    boolean namesLayout() {
      return kernel != null || layout != null;
    }
  }

  private final Console console;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private OutputFormat output = new OutputFormat();
  @Mixin private RevisionOption revision = new RevisionOption();

  @Parameters(paramLabel = "EVENT", description = "The event: system/name.")
  private String event = "";

  @ArgGroup private Selector selector = new Selector();

  @Option(
      names = "--format",
      paramLabel = "proto|layout|plan|descriptor",
      description = "The form.")
  private @Nullable Form form;

  @Option(
      names = "--params",
      description =
          "Show what the kernel's BTF says instead: the parameters that the event's tracepoint hands"
              + " to a probe, and the struct trace_event_raw_* of its name. Needs --kernel.")
  private boolean params;

  ShowCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (params) {
      return showTypes();
    }
    Form wanted = form != null ? form : selector.namesLayout() ? Form.layout : Form.proto;
    if ((wanted == Form.layout || wanted == Form.plan) && !selector.namesLayout()) {
      throw CommandFailure.wrongUse(
          "--format " + wanted + " needs --kernel or --layout: a schema has many layouts");
    }
    GetSchemaRequest request = request(wanted);
    return server.ask(
        console,
        client -> {
          GetSchemaResponse schema = client.schema(request);
          if (output.json()) {
            console.out().line(SchemaJson.line(schema));
          } else {
            write(schema, wanted);
          }
          return ExitStatus.FINE;
        });
  }

  private Integer showTypes() throws IOException {
    String kernel = selector.kernel;
    if (kernel == null || form != null) {
      throw CommandFailure.wrongUse("--params: give it with --kernel KERNEL, and without --format");
    }
    GetSchemaRequest existence = request(Form.layout);
    String name = event.substring(event.indexOf('/') + 1);
    return server.ask(
        console,
        client -> {
          // Why: an event that the kernel does not have is another answer than one without BTF.
          client.schema(existence);
          GetKernelTypesResponse answer = client.types(kernel, name, revision.get());
          if (output.json()) {
            console.out().line(Json.line(answer));
          } else if (!answer.hasTypes()) {
            console
                .err()
                .println(
                    "tracery: the BTF of the kernel "
                        + answer.getKernel()
                        + " is not known"
                        + revision.suffix()
                        + "; register the kernel again with --btf FILE");
          } else if (answer.getTypes().equals(KernelTypes.getDefaultInstance())) {
            console
                .err()
                .println(
                    "tracery: the BTF of the kernel "
                        + answer.getKernel()
                        + " has neither a tracepoint nor a struct of the name "
                        + Terms.printable(name)
                        + "; system calls' events share theirs, and modules' are not in it");
          } else {
            new TypesText(console.out(), Palette.of(console)).write(name, answer.getTypes());
          }
          return ExitStatus.FINE;
        });
  }

  private GetSchemaRequest request(Form wanted) {
    GetSchemaRequest.Builder request =
        GetSchemaRequest.newBuilder().setEvent(event).setAtRevision(revision.get());
    Optional.ofNullable(selector.kernel).ifPresent(request::setKernel);
    Optional.ofNullable(selector.layout).map(ShowCommand::hash).ifPresent(request::setLayoutHash);
    if (selector.version != null) {
      if (selector.version < 1) {
        throw CommandFailure.wrongUse(
            "--version: expected 1 or more but found " + selector.version);
      }
      request.setVersion(selector.version);
    }
    switch (wanted) {
      case proto -> request.addParts(SchemaPart.SCHEMA_PART_PROTO);
      case descriptor ->
          request.addParts(
              output.json() ? SchemaPart.SCHEMA_PART_IMPORTS : SchemaPart.SCHEMA_PART_DESCRIPTOR);
      case layout -> request.addParts(SchemaPart.SCHEMA_PART_LAYOUT);
      case plan -> {
        request.addParts(SchemaPart.SCHEMA_PART_DECODE_PLAN);
        if (!output.json()) {
          request.addParts(SchemaPart.SCHEMA_PART_DESCRIPTOR);
        }
      }
    }
    return request.build();
  }

  private void write(GetSchemaResponse schema, Form wanted) {
    switch (wanted) {
      case proto -> console.out().print(schema.getProto());
      case descriptor -> console.out().print(SchemaJson.textFormat(schema.getDescriptorSet()));
      case layout -> new LayoutText(console.out(), Palette.of(console)).write(schema);
      case plan -> new PlanText(console.out(), Palette.of(console)).write(schema);
    }
  }

  private static ByteString hash(String text) {
    try {
      byte[] hash =
          text.matches("[0-9A-Fa-f]{64}")
              ? HexFormat.of().parseHex(text)
              : Base64.getDecoder().decode(text);
      if (hash.length == 32) {
        return ByteString.copyFrom(hash);
      }
    } catch (IllegalArgumentException e) {
      // Why: said below, with the rest of what can be wrong.
    }
    throw CommandFailure.wrongUse(
        "--layout: expected 64 hexadecimal digits but found \"" + text + "\"");
  }
}
