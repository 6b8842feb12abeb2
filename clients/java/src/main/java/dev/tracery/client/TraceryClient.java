package dev.tracery.client;

import com.google.rpc.Code;
import dev.tracery.client.Servers.Repetition;
import dev.tracery.client.negotiate.Needs;
import dev.tracery.client.negotiate.Negotiated;
import dev.tracery.client.negotiate.NegotiationRefusedException;
import dev.tracery.client.negotiate.Negotiator;
import dev.tracery.client.negotiate.NegotiatorOptions;
import dev.tracery.client.negotiate.SeenKernel;
import dev.tracery.v1.AdminServiceGrpc;
import dev.tracery.v1.CanRunRequest;
import dev.tracery.v1.CanRunResponse;
import dev.tracery.v1.CheckKernelResponse;
import dev.tracery.v1.Claim;
import dev.tracery.v1.CompatibilityServiceGrpc;
import dev.tracery.v1.CompatibilityServiceGrpc.CompatibilityServiceBlockingV2Stub;
import dev.tracery.v1.ConsumerServiceGrpc;
import dev.tracery.v1.ConsumerServiceGrpc.ConsumerServiceBlockingV2Stub;
import dev.tracery.v1.DeclareConsumerRequest;
import dev.tracery.v1.DeclareConsumerResponse;
import dev.tracery.v1.DiffKernelsRequest;
import dev.tracery.v1.DiffKernelsResponse;
import dev.tracery.v1.DiffSchemasRequest;
import dev.tracery.v1.DiffSchemasResponse;
import dev.tracery.v1.FindUsesRequest;
import dev.tracery.v1.FindUsesResponse;
import dev.tracery.v1.GetConsumerRequest;
import dev.tracery.v1.GetKernelRequest;
import dev.tracery.v1.GetKernelTypesRequest;
import dev.tracery.v1.GetKernelTypesResponse;
import dev.tracery.v1.GetPolicyRequest;
import dev.tracery.v1.GetPolicyResponse;
import dev.tracery.v1.GetSchemaRequest;
import dev.tracery.v1.GetSchemaResponse;
import dev.tracery.v1.GetStatusRequest;
import dev.tracery.v1.GetStatusResponse;
import dev.tracery.v1.GiveWaiverRequest;
import dev.tracery.v1.GiveWaiverResponse;
import dev.tracery.v1.ImportResponse;
import dev.tracery.v1.InstallTranslatorResponse;
import dev.tracery.v1.Kernel;
import dev.tracery.v1.KernelEvent;
import dev.tracery.v1.ListConsumersRequest;
import dev.tracery.v1.ListEventsRequest;
import dev.tracery.v1.ListKernelsRequest;
import dev.tracery.v1.ListTranslatorsRequest;
import dev.tracery.v1.ListWaiversRequest;
import dev.tracery.v1.NegotiateRequest;
import dev.tracery.v1.NegotiateResponse;
import dev.tracery.v1.NegotiationServiceGrpc;
import dev.tracery.v1.RegisterKernelResponse;
import dev.tracery.v1.RegistryServiceGrpc;
import dev.tracery.v1.RegistryServiceGrpc.RegistryServiceBlockingV2Stub;
import dev.tracery.v1.RemoveTranslatorRequest;
import dev.tracery.v1.TranslateStart;
import dev.tracery.v1.TranslationServiceGrpc;
import dev.tracery.v1.Translator;
import dev.tracery.v1.TranslatorServiceGrpc;
import dev.tracery.v1.TranslatorServiceGrpc.TranslatorServiceBlockingV2Stub;
import dev.tracery.v1.UpdatePolicyRequest;
import dev.tracery.v1.Waiver;
import dev.tracery.v1.WithdrawConsumerRequest;
import dev.tracery.v1.WithdrawConsumerResponse;
import io.grpc.Channel;
import io.grpc.Deadline;
import io.grpc.StatusException;
import io.grpc.stub.AbstractStub;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/// A connection to a registry. Connects when it is first used and again when it must; may be used
/// from any thread. Every method throws [TraceryException] for a call that fails.
///
/// `atRevision` reads the registry as it was at that revision; 0 is now. A kernel is named by its
/// id, an unambiguous prefix of it of 4 digits or more, or an unambiguous release.
///
/// ```java
/// try (var client = TraceryClient.connect("localhost:7411", ClientOptions.defaults())) {
///   for (Kernel kernel : client.kernels("", 0)) {
///     System.out.println(kernel.getIdentity().getRelease());
///   }
/// }
/// ```
public final class TraceryClient implements AutoCloseable {

  private static final String DEFAULT_ADDRESS = "localhost:7411";

  // Why not the deadline: a watcher that is closed in the meantime should notice.
  private static final Duration WATCH_PATIENCE = Duration.ofSeconds(5);

  private final Servers servers;
  private final ClientOptions options;

  private TraceryClient(Servers servers, ClientOptions options) {
    this.servers = servers;
    this.options = options;
  }

  /// A client of the registry that the environment variable `TRACERY_SERVER` names, or else of
  /// `localhost:7411`.
  ///
  /// @throws IllegalArgumentException as the other does
  public static TraceryClient connect(ClientOptions options) {
    String set = System.getenv("TRACERY_SERVER");
    return connect(set == null || set.isEmpty() ? DEFAULT_ADDRESS : set, options);
  }

  /// A client of the registry at `HOST:PORT`, or at several of these with commas between them. Does
  /// not wait for a server to be there. Of several addresses the one that answered last is asked,
  /// and when it cannot be reached the next.
  ///
  /// @throws IllegalArgumentException if an address is malformed, a file of the options cannot be
  ///   used, or the token would cross a network in plain text
  public static TraceryClient connect(String addresses, ClientOptions options) {
    return connect(ServerAddress.parseAll(addresses), options);
  }

  /// The same for addresses that were read.
  public static TraceryClient connect(List<ServerAddress> addresses, ClientOptions options) {
    return new TraceryClient(Servers.connect(addresses, options), options);
  }

  /// Registers a kernel, all or nothing. Sends only the formats that the registry does not know.
  public RegisterKernelResponse register(Registration registration) {
    Deadline end = in(options.transferDeadline());
    return servers.attempt(
        options.transferDeadline(),
        Repetition.HARMLESS,
        (channel, limit) ->
            new KernelRegistrar(
                    RegistryServiceGrpc.newBlockingV2Stub(channel), questions(channel, limit), end)
                .register(registration));
  }

  /// One kernel.
  public Kernel kernel(String kernel, long atRevision) {
    GetKernelRequest request =
        GetKernelRequest.newBuilder().setKernel(kernel).setAtRevision(atRevision).build();
    return registry(stub -> stub.getKernel(request)).getKernel();
  }

  /// What a kernel's BTF says of the tracepoints, and of the structs without their prefix
  /// `trace_event_raw_`, whose names match the glob `filter` (empty: all). The answer has no types
  /// where the kernel was registered without BTF.
  public GetKernelTypesResponse types(String kernel, String filter, long atRevision) {
    GetKernelTypesRequest request =
        GetKernelTypesRequest.newBuilder()
            .setKernel(kernel)
            .setFilter(filter)
            .setAtRevision(atRevision)
            .build();
    return registry(stub -> stub.getKernelTypes(request));
  }

  /// Kernels in the order of their registration, or of their joining `series` if that is not empty.
  /// Pages are fetched while iterating; each iterator reads one revision.
  public Iterable<Kernel> kernels(String series, long atRevision) {
    return new Pages<>(token -> {
      var request =
          ListKernelsRequest.newBuilder()
              .setSeries(series)
              .setAtRevision(atRevision)
              .setPageSize(1000)
              .setPageToken(token)
              .build();
      var page = registry(stub -> stub.listKernels(request));
      return new Pages.Page<>(page.getKernelsList(), page.getNextPageToken());
    });
  }

  /// The events of a kernel, or the latest version of every lineage if `kernel` is empty, that
  /// match the glob `filter` (empty: all), in the order of their names. Pages are fetched while
  /// iterating; each iterator reads one revision.
  public Iterable<KernelEvent> events(String kernel, String filter, long atRevision) {
    return new Pages<>(token -> {
      var request =
          ListEventsRequest.newBuilder()
              .setKernel(kernel)
              .setFilter(filter)
              .setAtRevision(atRevision)
              .setPageSize(5000)
              .setPageToken(token)
              .build();
      var page = registry(stub -> stub.listEvents(request));
      return new Pages.Page<>(page.getEventsList(), page.getNextPageToken());
    });
  }

  /// One schema version of an event.
  public GetSchemaResponse schema(GetSchemaRequest request) {
    return registry(stub -> stub.getSchema(request));
  }

  /// What differs between two kernels.
  public DiffKernelsResponse diff(DiffKernelsRequest request) {
    return registry(stub -> stub.diffKernels(request));
  }

  /// What differs between two schema versions.
  public DiffSchemasResponse diff(DiffSchemasRequest request) {
    return registry(stub -> stub.diffSchemas(request));
  }

  /// Judges a kernel against the latest of a series, without registering it. Sends only the formats
  /// that the registry does not know.
  public CheckKernelResponse check(KernelCheck kernel) {
    Deadline end = in(options.transferDeadline());
    return servers.attempt(
        options.transferDeadline(),
        Repetition.HARMLESS,
        (channel, limit) ->
            new KernelChecker(
                    CompatibilityServiceGrpc.newBlockingV2Stub(channel),
                    questions(channel, limit),
                    end)
                .check(kernel));
  }

  /// Whether a tool can run on a kernel, or on each kernel of a series.
  public CanRunResponse canRun(CanRunRequest request) {
    return compatibility(stub -> stub.canRun(request));
  }

  /// Declares what a version of a tool needs.
  public DeclareConsumerResponse declare(DeclareConsumerRequest request) {
    return write(
        Repetition.HARMLESS,
        "the declaration may or may not be stored, and doing it again is safe",
        ConsumerServiceGrpc::newBlockingV2Stub,
        stub -> stub.declareConsumer(request));
  }

  /// Ends the claims of a version of a tool, or of all its versions if `version` is empty.
  public WithdrawConsumerResponse withdraw(String tool, String version, String reason) {
    var request =
        WithdrawConsumerRequest.newBuilder()
            .setName(tool)
            .setVersion(version)
            .setReason(reason)
            .build();
    return write(
        Repetition.HARMFUL,
        "the claims may or may not have been withdrawn",
        ConsumerServiceGrpc::newBlockingV2Stub,
        stub -> stub.withdrawConsumer(request));
  }

  /// What a version of a tool needs, or the version that appeared last if `version` is empty.
  public Claim consumer(String tool, String version, long atRevision) {
    var request =
        GetConsumerRequest.newBuilder()
            .setName(tool)
            .setVersion(version)
            .setAtRevision(atRevision)
            .build();
    return consumers(stub -> stub.getConsumer(request)).getClaim();
  }

  /// Claims of tools whose names match the glob `filter` (empty: all), by name, then in the order
  /// in which the versions appeared. Pages are fetched while iterating.
  ///
  /// @param includeEnded whether to list claims that have ended, too
  public Iterable<Claim> consumers(String filter, boolean includeEnded, long atRevision) {
    return new Pages<>(token -> {
      var request =
          ListConsumersRequest.newBuilder()
              .setFilter(filter)
              .setIncludeEnded(includeEnded)
              .setAtRevision(atRevision)
              .setPageSize(1000)
              .setPageToken(token)
              .build();
      var page = consumers(stub -> stub.listConsumers(request));
      return new Pages.Page<>(page.getClaimsList(), page.getNextPageToken());
    });
  }

  /// Who uses an event or a field.
  public FindUsesResponse uses(FindUsesRequest request) {
    return consumers(stub -> stub.findUses(request));
  }

  /// Waives a break, for ever on record. Time and revision are the registry's to set.
  public GiveWaiverResponse waive(Waiver waiver) {
    GiveWaiverRequest request = GiveWaiverRequest.newBuilder().setWaiver(waiver).build();
    return write(
        Repetition.HARMFUL,
        "the waiver may or may not have been given",
        CompatibilityServiceGrpc::newBlockingV2Stub,
        stub -> stub.giveWaiver(request));
  }

  /// Waivers in the order in which they were given, of `series` if that is not empty. Pages are
  /// fetched while iterating; each iterator reads one revision.
  public Iterable<Waiver> waivers(String series, long atRevision) {
    return new Pages<>(token -> {
      var request =
          ListWaiversRequest.newBuilder()
              .setSeries(series)
              .setAtRevision(atRevision)
              .setPageSize(1000)
              .setPageToken(token)
              .build();
      var page = compatibility(stub -> stub.listWaivers(request));
      return new Pages.Page<>(page.getWaiversList(), page.getNextPageToken());
    });
  }

  /// What series do with breaks, and which events are how stable.
  public GetPolicyResponse policy(long atRevision) {
    GetPolicyRequest request = GetPolicyRequest.newBuilder().setAtRevision(atRevision).build();
    return compatibility(stub -> stub.getPolicy(request));
  }

  /// Changes the policy; what is not named stays.
  ///
  /// @return the policy after the change
  public GetPolicyResponse updatePolicy(UpdatePolicyRequest request) {
    return write(
            Repetition.HARMLESS,
            "the policy may or may not be changed, and doing it again is safe",
            CompatibilityServiceGrpc::newBlockingV2Stub,
            stub -> stub.updatePolicy(request))
        .getPolicy();
  }

  /// Every change after a revision, and then every change as it happens.
  ///
  /// @param onLost told each time the server cannot be reached, before the pause that follows
  /// @throws TraceryException if the server cannot be reached now
  public ChangeWatcher watch(long afterRevision, Consumer<TraceryException> onLost) {
    status();
    return new ChangeWatcher(servers, () -> answering(WATCH_PATIENCE), afterRevision, onLost);
  }

  /// Writes the whole log to `out`, which stays open.
  ///
  /// @return how many bytes were written
  public long exportTo(OutputStream out, long atRevision) throws IOException {
    return transfer().exportTo(out, atRevision);
  }

  /// Fills an empty registry from an export, all or nothing. `in` stays open.
  public ImportResponse importFrom(InputStream in) throws IOException {
    return transfer().importFrom(in);
  }

  /// Whether a tool can run, how, and how it reads each event: what a tool does when it starts. For
  /// other options than the defaults make a [Negotiator].
  ///
  /// @throws NegotiationRefusedException if the tool cannot run here; the message says why
  /// @throws dev.tracery.client.negotiate.RegistryUnreachableException if the registry cannot be
  ///   reached and nothing is kept of an earlier start
  /// @throws IOException if a format is there and cannot be read
  public Negotiated negotiate(Needs needs, SeenKernel kernel)
      throws IOException, NegotiationRefusedException {
    return new Negotiator(this, NegotiatorOptions.defaults()).negotiate(needs.toConsumer(), kernel);
  }

  /// Whether a tool can run. [Negotiator] asks this for tools.
  ///
  /// @param deadline instead of the options', because a tool's start must not wait
  public NegotiateResponse negotiate(NegotiateRequest request, Duration deadline) {
    return servers.ask(
        deadline,
        (channel, limit) ->
            NegotiationServiceGrpc.newBlockingV2Stub(channel)
                .withDeadline(limit)
                .negotiate(request));
  }

  /// Has a trace translated. Send it with [TranslatedTrace#sendFile] or
  /// [TranslatedTrace#sendPages], then iterate; close it in any case. There is no deadline.
  ///
  /// ```java
  /// try (var trace = client.translate(start); var in = Files.newInputStream(file)) {
  ///   trace.sendFile(in);
  ///   trace.forEachRemaining(System.out::println);
  /// }
  /// ```
  public TranslatedTrace translate(TranslateStart start) {
    return new TranslatedTrace(TranslationServiceGrpc.newBlockingV2Stub(answering()), start);
  }

  /// The bundles that translate, sorted by name.
  public List<Translator> translators() {
    return translatorService(
            stub -> stub.listTranslators(ListTranslatorsRequest.getDefaultInstance()))
        .getTranslatorsList();
  }

  /// Installs a bundle that translates or bridges, or updates the one of its name. `jar` stays
  /// open. Its code runs in the server, which may not let everybody do that.
  public InstallTranslatorResponse installTranslator(InputStream jar) throws IOException {
    return new BundleInstaller(
            TranslatorServiceGrpc.newBlockingV2Stub(answering())
                .withDeadline(in(options.transferDeadline())))
        .install(jar);
  }

  /// Removes the bundle of that symbolic name; streams that use it finish with it.
  ///
  /// @return what it was
  public Translator removeTranslator(String name) {
    var request = RemoveTranslatorRequest.newBuilder().setName(name).build();
    return write(
            Repetition.HARMFUL,
            "the bundle may or may not have been removed",
            TranslatorServiceGrpc::newBlockingV2Stub,
            stub -> stub.removeTranslator(request))
        .getTranslator();
  }

  /// What the server is and holds.
  public GetStatusResponse status() {
    return status(GetStatusRequest.getDefaultInstance());
  }

  /// The same, with what the request asks for besides.
  public GetStatusResponse status(GetStatusRequest request) {
    return ask(AdminServiceGrpc::newBlockingV2Stub, stub -> stub.getStatus(request));
  }

  /// Has every later call answered from this revision or a later one, whichever server answers: for
  /// what another client wrote. What this client wrote it reads without that. Never takes back a
  /// higher one.
  ///
  /// @throws IllegalArgumentException if it is negative
  public void atLeast(long revision) {
    if (revision < 0) {
      throw new IllegalArgumentException("a revision must not be negative");
    }
    servers.revisions().raise(revision);
  }

  /// How fresh the answer is that came last, to whichever thread; empty before there is one. A
  /// refusal is an answer, too.
  public Optional<Freshness> freshness() {
    return servers.revisions().freshness();
  }

  /// Ends the connection and every call that is running.
  @Override
  public void close() {
    servers.close();
  }

  /// A question to one service.
  @FunctionalInterface
  private interface Question<S, T> {
    T ask(S stub) throws StatusException, InterruptedException;
  }

  private <T> T registry(Question<RegistryServiceBlockingV2Stub, T> question) {
    return ask(RegistryServiceGrpc::newBlockingV2Stub, question);
  }

  private <T> T consumers(Question<ConsumerServiceBlockingV2Stub, T> question) {
    return ask(ConsumerServiceGrpc::newBlockingV2Stub, question);
  }

  private <T> T compatibility(Question<CompatibilityServiceBlockingV2Stub, T> question) {
    return ask(CompatibilityServiceGrpc::newBlockingV2Stub, question);
  }

  private <T> T translatorService(Question<TranslatorServiceBlockingV2Stub, T> question) {
    return ask(TranslatorServiceGrpc::newBlockingV2Stub, question);
  }

  private <S extends AbstractStub<S>, T> T ask(
      Function<Channel, S> service, Question<S, T> question) {
    return servers.ask(
        options.deadline(),
        (channel, limit) -> question.ask(service.apply(channel).withDeadline(limit)));
  }

  /// @param outcome what is known if the server goes away: [Writes]
  private <S extends AbstractStub<S>, T> T write(
      Repetition repetition, String outcome, Function<Channel, S> service, Question<S, T> call) {
    Deadline end = in(options.deadline());
    return servers.attempt(
        options.deadline(),
        repetition,
        (channel, limit) -> {
          findOut(channel, limit);
          return Writes.send(outcome, () -> call.ask(service.apply(channel).withDeadline(end)));
        });
  }

  /// Whether a server is there, before it is sent what it should not be sent in vain.
  private static void findOut(Channel channel, Deadline limit) throws Servers.Silence {
    try {
      Servers.within(() ->
          AdminServiceGrpc.newBlockingV2Stub(channel)
              .withDeadline(limit)
              .getStatus(GetStatusRequest.getDefaultInstance()));
    } catch (TraceryException e) {
      if (e.code() == Code.UNAVAILABLE) {
        throw e;
      }
      // Any other answer is one, too.
    }
  }

  private KernelQuestions questions(Channel channel, Deadline limit) {
    Duration left = Duration.ofNanos(limit.timeRemaining(TimeUnit.NANOSECONDS));
    return new KernelQuestions(
        RegistryServiceGrpc.newBlockingV2Stub(channel),
        left.compareTo(options.deadline()) < 0 ? left : options.deadline());
  }

  /// The server for a stream, which cannot be begun again with another one: one that has just
  /// answered.
  private Channel answering() {
    return answering(options.deadline());
  }

  private Channel answering(Duration deadline) {
    return servers.attempt(
        deadline,
        Repetition.HARMLESS,
        (channel, limit) -> {
          findOut(channel, limit);
          return channel;
        });
  }

  private LogTransfer transfer() {
    return new LogTransfer(
        AdminServiceGrpc.newBlockingV2Stub(answering())
            .withDeadline(in(options.transferDeadline())));
  }

  private static Deadline in(Duration duration) {
    return Deadline.after(duration.toMillis(), TimeUnit.MILLISECONDS);
  }
}
