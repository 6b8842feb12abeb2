package dev.tracery.fault;

import com.google.protobuf.ByteString;
import dev.tracery.client.EventSource;
import dev.tracery.client.IdentityWriter;
import dev.tracery.client.KernelCheck;
import dev.tracery.client.Registration;
import dev.tracery.client.TraceryException;
import dev.tracery.fault.Operation.Kind;
import dev.tracery.fault.Questions.Question;
import dev.tracery.v1.AccessClass;
import dev.tracery.v1.CanRunRequest;
import dev.tracery.v1.CompatibilityReport;
import dev.tracery.v1.Consumer;
import dev.tracery.v1.DeclareConsumerRequest;
import dev.tracery.v1.EventUse;
import dev.tracery.v1.GetSchemaRequest;
import dev.tracery.v1.Kernel;
import dev.tracery.v1.NegotiateRequest;
import dev.tracery.v1.RegisterKernelResponse;
import dev.tracery.v1.Requirement;
import dev.tracery.v1.SchemaPart;
import dev.tracery.v1.SeenEvent;
import dev.tracery.v1.Verdict;
import dev.tracery.v1.Waiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/// One of those who use the registry during a run: registers, asks, declares and reads, one thing
/// after the other, through one server or another, and notes what it was answered.
final class Worker implements Runnable {

  /// Series in which what breaks somebody is stored all the same.
  static final String FREE = "free";

  private static final String SHARED = "enforced-by-all";
  private static final int REFUSALS_IN_A_ROW = 3;
  private static final Duration NEGOTIATION = Duration.ofSeconds(6);

  /// Something that was acknowledged.
  private record Done(String subject, String version, long revision) {}

  private final int number;
  private final Random random;
  private final Kernels kernels;
  private final List<Client> clients;
  private final History history;
  private final Questions questions;
  private final AtomicBoolean stopping;
  private final List<Done> registered = new ArrayList<>();
  private final List<Done> declared = new ArrayList<>();
  private final List<Registration> unanswered = new ArrayList<>();
  private Registration lastKernel;
  private int series;
  private int refusals;
  private int waivers;

  /// @param clients closed with the run, not by this
  Worker(
      int number,
      long seed,
      List<Client> clients,
      History history,
      Questions questions,
      AtomicBoolean stopping) {
    this.number = number;
    this.random = new Random(seed * 1_000 + number);
    this.kernels = new Kernels(number, random.nextLong());
    this.clients = clients;
    this.history = history;
    this.questions = questions;
    this.stopping = stopping;
    this.lastKernel = kernels.kernel(FREE);
  }

  @Override
  public void run() {
    while (!stopping.get()) {
      boolean done = next();
      try {
        // Why: a server that refuses at once must not be asked as often as the machine can.
        Thread.sleep(done ? random.nextInt(10) : 50 + random.nextInt(100));
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  private boolean next() {
    Client client = clients.get(random.nextInt(clients.size()));
    return switch (random.nextInt(16)) {
      case 0, 1, 2 -> register(client, anew(FREE));
      case 3, 4, 5 -> registerEnforced(client);
      case 6, 7 -> check(client);
      case 8, 9 -> declare(client);
      case 10 -> withdraw(client);
      case 11, 12 -> negotiate(client);
      case 13, 14 -> read(client);
      default -> canRun(client);
    };
  }

  /// Now and then a kernel of which it was never answered whether it is registered.
  private Registration anew(String series) {
    if (!unanswered.isEmpty() && random.nextBoolean()) {
      return unanswered.removeFirst();
    }
    return kernels.kernel(series);
  }

  private boolean register(Client client, Registration kernel) {
    return registerIn(client, kernel).isEmpty();
  }

  /// @return how it failed; empty if it was done
  private Optional<TraceryException> registerIn(Client client, Registration kernel) {
    lastKernel = kernel;
    boolean enforced = !kernel.series().equals(Optional.of(FREE));
    Kind kind = enforced ? Kind.REGISTER_ENFORCED : Kind.REGISTER;
    String release = kernel.identity().release();
    Attempt attempt = attempt(client, kind, release).asks(Facts.kernel(release));
    attempt.run(a -> {
      try {
        var answer = client.registry().register(kernel);
        note(a, kernel, answer);
      } catch (TraceryException e) {
        e.report().ifPresent(report -> judged(a, kernel, report));
        throw e;
      }
    });
    attempt.failure().filter(e -> e.report().isEmpty()).ifPresent(_ -> unanswered.add(kernel));
    return attempt.failure();
  }

  private void note(Attempt attempt, Registration kernel, RegisterKernelResponse answer) {
    String release = kernel.identity().release();
    Kernel stored = answer.getKernel();
    String name = Facts.kernel(release);
    String manifest = Facts.manifest(release, stored.getManifestFingerprint());
    attempt.wrote(answer.getRevision());
    if (answer.getCreated()) {
      String series = Facts.series(release, kernel.series().orElseThrow());
      attempt.claims(answer.getRevision(), name, manifest, series);
      judged(attempt, kernel, answer.getReport());
    } else {
      attempt.claims(stored.getRevision(), name, manifest);
    }
    registered.add(new Done(release, "", answer.getRevision()));
  }

  private void judged(Attempt attempt, Registration kernel, CompatibilityReport report) {
    attempt.answered(Math.max(attempt.revision(), report.getRevision()));
    attempt.judged(
        questions.add(new Question.Judge(kernel)), Verdicts.of(report), report.getRevision());
  }

  /// In a series that enforces. What breaks somebody is now and then waived and tried again; where
  /// nothing gets in any more, a new series begins.
  private boolean registerEnforced(Client client) {
    String name = random.nextInt(3) == 0 ? SHARED : "enforced-" + number + "-" + series;
    Registration kernel = anew(name);
    Optional<TraceryException> failure = registerIn(client, kernel);
    Optional<CompatibilityReport> refusal = failure.flatMap(TraceryException::report);
    if (refusal.isPresent()) {
      refusals++;
      if (random.nextBoolean()) {
        waive(client, refusal.get());
        return registerIn(client, kernel).isEmpty();
      }
      if (refusals == REFUSALS_IN_A_ROW) {
        refusals = 0;
        series++;
      }
    }
    return failure.isEmpty();
  }

  private void waive(Client client, CompatibilityReport refusal) {
    Set<String> events = new LinkedHashSet<>();
    refusal.getFindingsList().stream()
        .filter(finding -> finding.getVerdict() == Verdict.VERDICT_BREAK)
        .forEach(finding -> events.add(finding.getEvent()));
    for (String event : events) {
      waivers++;
      Waiver waiver =
          Waiver.newBuilder()
              .setName("waiver-" + number + "-" + waivers)
              .setReason("to see what happens")
              .setAuthor("worker " + number)
              .setSeries(refusal.getSeries())
              .setEvent(event)
              .build();
      attempt(client, Kind.WAIVE, waiver.getName())
          .asks(Facts.waiver(waiver))
          .run(a -> {
            var answer = client.registry().waive(waiver);
            a.wrote(answer.getRevision());
            a.claims(answer.getWaiver().getRevision(), Facts.waiver(waiver));
          });
    }
  }

  /// Of a kernel that was registered, or refused, or of which nobody knows.
  private boolean check(Client client) {
    Registration kernel =
        new Registration(
            lastKernel.identity(),
            Optional.of(random.nextBoolean() ? SHARED : "enforced-" + number + "-" + series),
            false,
            lastKernel.events());
    KernelCheck check =
        new KernelCheck(
            kernel.identity(), kernel.series().orElseThrow(), kernel.events(), Optional.empty());
    return attempt(client, Kind.CHECK, kernel.identity().release())
        .run(a -> judged(a, kernel, client.registry().check(check).getReport()));
  }

  private boolean declare(Client client) {
    Consumer tool = kernels.tool();
    return attempt(client, Kind.DECLARE, tool.getName())
        .asks(Facts.consumer(tool))
        .run(a -> {
          var answer =
              client
                  .registry()
                  .declare(
                      DeclareConsumerRequest.newBuilder()
                          .setConsumer(tool)
                          .setAllowUnknownEvents(true)
                          .build());
          a.wrote(answer.getRevision());
          a.claims(answer.getClaim().getRevision(), Facts.consumer(tool));
          declared.add(new Done(tool.getName(), tool.getVersion(), answer.getRevision()));
        });
  }

  private boolean withdraw(Client client) {
    if (declared.isEmpty()) {
      return declare(client);
    }
    Done tool = declared.remove(random.nextInt(declared.size()));
    String ended = Facts.ended(tool.subject, tool.version);
    return attempt(client, Kind.WITHDRAW, tool.subject)
        .asks(ended)
        .run(a -> {
          var answer = client.registry().withdraw(tool.subject, tool.version, "no longer used");
          a.wrote(answer.getRevision());
          if (answer.getVersionsCount() > 0) {
            a.claims(answer.getRevision(), ended);
          }
        });
  }

  /// As the tool that it is, on a kernel that is registered, or on one that nobody knows, whose
  /// layouts are then learned.
  private boolean negotiate(Client client) {
    Registration kernel = random.nextBoolean() ? lastKernel : kernels.kernel(FREE);
    EventSource event = kernel.events().get(random.nextInt(kernel.events().size()));
    NegotiateRequest request =
        NegotiateRequest.newBuilder()
            .setTool(
                Consumer.newBuilder()
                    .setName("starts-" + number)
                    .setVersion("1." + random.nextInt(20))
                    .addRequirements(
                        Requirement.newBuilder()
                            .addAnyOf(
                                EventUse.newBuilder()
                                    .setEvent(event.event().toString())
                                    .setAccess(AccessClass.ACCESS_CLASS_BY_NAME))))
            .setKernel(IdentityWriter.write(kernel.identity()))
            .setDryRun(random.nextInt(4) > 0)
            .addEvents(
                SeenEvent.newBuilder()
                    .setEvent(event.event().toString())
                    .setId(event.id())
                    .setLayoutHash(ByteString.copyFrom(event.layoutHash().bytes()))
                    .setText(ByteString.copyFrom(event.text().get())))
            .build();
    return attempt(client, Kind.NEGOTIATE, kernel.identity().release())
        .run(a -> {
          var answer = client.registry().negotiate(request, NEGOTIATION);
          a.answered(answer.getRevision());
          a.judged(
              questions.add(new Question.Negotiate(request)),
              Verdicts.of(answer),
              answer.getRevision());
          a.gives(
              answer.getEventsList().stream()
                  .flatMap(reading -> Numbers.of(reading.getFile()).stream())
                  .toList());
        });
  }

  /// What was acknowledged through any server, through this one.
  private boolean read(Client client) {
    boolean ofKernel = declared.isEmpty() || random.nextBoolean();
    List<Done> all = ofKernel ? registered : declared;
    if (all.isEmpty()) {
      return declare(client);
    }
    // The last of them most often: that is what a server may not know yet.
    Done done = random.nextBoolean() ? all.getLast() : all.get(random.nextInt(all.size()));
    client.atLeast(done.revision);
    if (!ofKernel) {
      return attempt(client, Kind.READ_CONSUMER, done.subject)
          .run(a -> {
            var claim = client.registry().consumer(done.subject, done.version, 0);
            a.claims(claim.getRevision(), Facts.consumer(claim.getConsumer()));
          });
    }
    return random.nextBoolean() ? readKernel(client, done) : readSchema(client, done);
  }

  private boolean readKernel(Client client, Done done) {
    return attempt(client, Kind.READ_KERNEL, done.subject)
        .run(a -> {
          Kernel kernel = client.registry().kernel(done.subject, 0);
          a.claims(
              kernel.getRevision(),
              Facts.kernel(done.subject),
              Facts.manifest(done.subject, kernel.getManifestFingerprint()));
        });
  }

  private boolean readSchema(Client client, Done done) {
    EventSource event = lastKernel.events().get(random.nextInt(lastKernel.events().size()));
    return attempt(client, Kind.READ_SCHEMA, event.event() + " of " + done.subject)
        .run(a -> {
          var answer =
              client
                  .registry()
                  .schema(
                      GetSchemaRequest.newBuilder()
                          .setEvent(event.event().toString())
                          .addParts(SchemaPart.SCHEMA_PART_DESCRIPTOR)
                          .build());
          a.answered(answer.getRevision());
          a.gives(Numbers.of(answer.getDescriptorSet().getFile(0)));
        });
  }

  private boolean canRun(Client client) {
    Consumer tool = kernels.tool();
    CanRunRequest request = CanRunRequest.newBuilder().setConsumer(tool).setSeries(FREE).build();
    return attempt(client, Kind.CAN_RUN, tool.getName())
        .run(a -> {
          var answer = client.registry().canRun(request);
          a.answered(answer.getRevision());
          a.judged(
              questions.add(new Question.CanRun(request)),
              Verdicts.of(answer),
              answer.getRevision());
        });
  }

  private Attempt attempt(Client client, Kind kind, String subject) {
    return new Attempt(history, number, client, kind, subject);
  }
}
