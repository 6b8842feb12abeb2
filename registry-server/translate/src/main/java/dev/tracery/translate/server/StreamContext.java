package dev.tracery.translate.server;

import dev.tracery.registry.Registry;
import dev.tracery.registry.Registry.Kernel;
import dev.tracery.trace.RecordCursor;
import dev.tracery.trace.RecordFilter;
import dev.tracery.trace.TraceContent;
import dev.tracery.trace.TraceProblems;
import dev.tracery.translate.EventTypes;
import dev.tracery.translate.SchemaSource;
import dev.tracery.translate.TraceItemWriter;
import dev.tracery.translate.TranslatorSource;
import dev.tracery.translate.guard.BatchCursor;
import dev.tracery.translate.guard.ForeignThreads;
import dev.tracery.translate.guard.GuardedTranslator;
import dev.tracery.translation.Answers;
import dev.tracery.translation.Translation.Request;
import dev.tracery.translation.TranslatorBundles.Origin;
import java.io.IOException;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// One stream that is being translated: what it holds, and how records become answers. Not
/// thread-safe.
final class StreamContext implements AutoCloseable {

  /// How many records may go by before it is asked whether anybody still wants them.
  private static final int RECORDS_AT_ONCE = 4_096;

  private final TranslatorPool.Lease lease;
  private final ForeignThreads threads;
  private final StreamTranslators translators;
  private final EventTypes types;
  private final ResponseBatch out;
  private final TraceItemWriter writer;
  private final Answers answers;
  private final RecordFilter filter;

  /// @param kernel the registered kernel that the records are of, if it is known
  /// @param types makes the events' types of where schemas and translators come from
  StreamContext(
      Registry registry,
      TranslatorPool pool,
      ForeignThreads threads,
      TraceContent content,
      Optional<Kernel> kernel,
      BiFunction<SchemaSource, TranslatorSource, EventTypes> types,
      Request request,
      Answers answers) {
    this.threads = threads;
    this.answers = answers;
    String id = kernel.map(Kernel::id).orElse("");
    this.lease =
        pool.lease(bundle ->
            bundle.identity().origin() == Origin.INSTALLED
                || bundle.identity().kernel().equals(id));
    RegistrySchemas schemas = new RegistrySchemas(registry);
    this.translators = new StreamTranslators(lease, threads, schemas);
    this.types = types.apply(schemas, translators);
    this.out = new ResponseBatch(answers);
    this.writer =
        new TraceItemWriter(content, this.types, out, type -> translators.label(type.translator()));
    this.filter = filter(this.types, request);
  }

  private static RecordFilter filter(EventTypes types, Request request) {
    BitSet ids = types.ids(name -> isWanted(request, name.toString()));
    boolean all = request.events().isEmpty();
    return new RecordFilter(
        id -> all || ids.get(id),
        cpu -> request.cpus().isEmpty() || request.cpus().contains(cpu),
        orElse(request.from(), Long.MIN_VALUE),
        orElse(request.to(), Long.MAX_VALUE));
  }

  /// Whether an event is wanted.
  static boolean isWanted(Request request, String event) {
    return request.events().isEmpty()
        || request.events().stream().anyMatch(glob -> glob.matches(event));
  }

  private static long orElse(OptionalLong value, long byDefault) {
    return value.isPresent() ? value.getAsLong() : byDefault;
  }

  RecordFilter filter() {
    return filter;
  }

  TraceItemWriter writer() {
    return writer;
  }

  EventTypes types() {
    return types;
  }

  /// Writes all records of a cursor, and closes it.
  void write(RecordCursor records, TraceProblems problems) throws IOException {
    try (RecordCursor cursor = guarded(records)) {
      for (long count = 1; cursor.advance(); count++) {
        writer.write(cursor);
        if (count % RECORDS_AT_ONCE == 0) {
          answers.check();
          writer.problems(problems);
        }
      }
    }
    answers.check();
  }

  private RecordCursor guarded(RecordCursor records) {
    return translators.hasForeign() ? new BatchCursor(records, threads, this::route) : records;
  }

  private @Nullable GuardedTranslator route(byte[] bytes, int offset, int length) {
    var type = types.of(bytes, offset, length);
    return type != null && type.translator() instanceof GuardedTranslator guarded ? guarded : null;
  }

  /// Sends what has gathered.
  void flush() throws IOException {
    writer.flush();
    out.flush();
  }

  @Override
  public void close() {
    translators.count();
    lease.close();
  }
}
