package dev.tracery.bench;

import dev.tracery.compiler.FormatCompiler;
import dev.tracery.compiler.emit.DecodePlanner;
import dev.tracery.compiler.emit.DescriptorEmitter;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.lineage.LineageEvolver;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.it.SampleKernel;
import dev.tracery.model.EventName;
import dev.tracery.model.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/// From the text of every format of one kernel to its layout, the first version of its schema, its
/// descriptor and its decode plan. Before every iteration libtraceevent parses the same formats, so
/// that both see the same machine.
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class CompileBenchmark {

  /// The system property with the folder of [LibtraceeventPeer#build]; the peer's times are
  /// appended to [#PEER_TIMES] in it, a line each.
  static final String FOLDER = "tracery.bench.folder";

  static final String PEER_TIMES = "parse_formats.out";

  private record Format(EventName event, String file, byte[] text) {}

  private Target target = Target.LITTLE_64;
  private List<Format> formats = List.of();
  private Path folder = Path.of(System.getProperty(FOLDER, "."));
  private LibtraceeventPeer peer;

  /// Reads the kernel and starts the peer.
  public CompileBenchmark() {
    try {
      SampleKernel kernel = SampleKernel.read(SampleKernel.AMD64_6_1);
      target = kernel.identity().target();
      formats =
          kernel.formats().entrySet().stream()
              .map(f -> new Format(f.getKey(), f.getKey() + "/format", f.getValue()))
              .toList();
      peer = new LibtraceeventPeer(folder, formats.size());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// One round of the peer.
  @Setup(Level.Iteration)
  public void parseWithLibtraceevent() throws IOException {
    Files.writeString(
        folder.resolve(PEER_TIMES),
        peer.parse() + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /// Ends the peer.
  @TearDown
  public void close() {
    peer.close();
  }

  /// One kernel.
  @Benchmark
  public void compileKernel(Blackhole sink) {
    FormatCompiler compiler = new FormatCompiler();
    LineageEvolver evolver = new LineageEvolver();
    DescriptorEmitter emitter = new DescriptorEmitter();
    DecodePlanner planner = new DecodePlanner();
    Set<String> messageNames = new HashSet<>();
    for (Format format : formats) {
      Layout layout = compiler.compile(format.file(), format.text(), target).layout().orElseThrow();
      SchemaVersion schema = evolver.begin(format.event(), layout, messageNames).version();
      messageNames.add(schema.messageName());
      sink.consume(emitter.emit(schema));
      sink.consume(planner.plan(layout, schema));
    }
  }
}
