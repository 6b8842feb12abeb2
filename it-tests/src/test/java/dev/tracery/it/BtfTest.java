package dev.tracery.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.client.ClientOptions;
import dev.tracery.client.TraceryClient;
import dev.tracery.v1.GetKernelTypesResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The BTF of real kernels, from the file to the answers.
class BtfTest {

  private static final String BOOKWORM = SampleKernel.AMD64_6_1;
  private static final String TRIXIE = "debian-trixie-6.12.117-amd64";
  private static final String BOOKWORM_RELEASE = "6.1.0-56-amd64";
  private static final String TRIXIE_RELEASE = "6.12.117+deb13-amd64";

  @TempDir private static Path folder = Path.of("");
  private static ServerProcess server;

  @BeforeAll
  static void registerBoth() throws IOException {
    server = ServerProcess.start(Files.createDirectory(folder.resolve("data")));
    register(BOOKWORM, Optional.of(BOOKWORM), server).fine();
    register(TRIXIE, Optional.of(TRIXIE), server).fine();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Outcome register(String formats, Optional<String> btf, ServerProcess at) {
    List<String> line =
        new ArrayList<>(
            List.of("register", "--server", at.address(), SampleKernel.tar(formats).toString()));
    btf.ifPresent(sample -> {
      line.add("--btf");
      line.add(SampleKernel.SAMPLES.resolve(sample).resolve("btf-vmlinux.zst").toString());
    });
    return Outcome.of(line);
  }

  private static List<String> btfLines(Outcome registered) {
    return registered.fine().out().lines().filter(line -> line.startsWith("BTF")).toList();
  }

  private static TraceryClient client(ServerProcess of) {
    return TraceryClient.connect(of.address(), ClientOptions.defaults());
  }

  private static Outcome show(String event, String kernel) {
    return Outcome.of("show", "--server", server.address(), event, "--kernel", kernel, "--params");
  }

  @Test
  void a_tracepoints_parameters_and_struct_are_shown() {
    String expected =
        """
        tracepoint sched_switch, 4 parameters
        PLACE  TYPE                  NAME
            0  bool                  preempt
            1  struct task_struct *  prev
            2  struct task_struct *  next
            3  unsigned int          prev_state

        struct trace_event_raw_sched_switch, 64 bytes
        OFFSET  SIZE  SIGNED  MEMBER
             0     8          struct trace_entry ent
             8    16          char prev_comm[16]
            24     4  yes     pid_t prev_pid
            28     4  yes     int prev_prio
            32     8  yes     long prev_state
            40    16          char next_comm[16]
            56     4  yes     pid_t next_pid
            60     4  yes     int next_prio
            64  rest          char __data[]
        """;
    assertEquals(expected, show("sched/sched_switch", BOOKWORM_RELEASE).fine().out());
    assertEquals(expected, show("sched/sched_switch", TRIXIE_RELEASE).fine().out());
  }

  @Test
  void what_changed_between_two_kernels_is_seen() {
    assertEquals(
        """
        tracepoint sched_stat_runtime, 3 parameters
        PLACE  TYPE                  NAME
            0  struct task_struct *  tsk
            1  u64                   runtime
            2  u64                   vruntime
        """,
        tracepoint(show("sched/sched_stat_runtime", BOOKWORM_RELEASE)));
    assertEquals(
        """
        tracepoint sched_stat_runtime, 2 parameters
        PLACE  TYPE                  NAME
            0  struct task_struct *  tsk
            1  u64                   runtime
        """,
        tracepoint(show("sched/sched_stat_runtime", TRIXIE_RELEASE)));
  }

  private static String tracepoint(Outcome shown) {
    return shown.fine().out().split("\n\n", 2)[0] + "\n";
  }

  @Test
  void an_event_that_btf_does_not_have_says_so() {
    Outcome shown = show("syscalls/sys_enter_openat", BOOKWORM_RELEASE);
    assertEquals(
        new Outcome(
            0,
            "",
            "tracery: the BTF of the kernel ID has neither a tracepoint nor a struct of the name"
                + " sys_enter_openat; system calls' events share theirs, and modules' are not in"
                + " it\n"),
        new Outcome(shown.status(), shown.out(), shown.err().replaceFirst("[0-9a-f]{16}", "ID")));
    assertEquals(2, show("sched/no_such_event", BOOKWORM_RELEASE).status());
  }

  @Test
  void an_import_has_the_btf_too() throws IOException {
    Path export = folder.resolve("registry.tracery");
    Outcome.of("export", "--server", server.address(), export.toString()).fine();
    try (ServerProcess second =
            ServerProcess.start(Files.createDirectory(folder.resolve("second")));
        TraceryClient one = client(server);
        TraceryClient other = client(second)) {
      Outcome.of("import", "--server", second.address(), export.toString()).fine();
      for (String kernel : List.of(BOOKWORM_RELEASE, TRIXIE_RELEASE)) {
        GetKernelTypesResponse types = one.types(kernel, "", 0);
        assertTrue(types.getTypes().getTracepointsCount() > 600);
        assertEquals(types, other.types(kernel, "", 0));
        assertEquals(one.kernel(kernel, 0), other.kernel(kernel, 0));
      }
    }
  }

  @Test
  void btf_of_another_kernel_is_refused() {
    Outcome refused = register(BOOKWORM, Optional.of(TRIXIE), server);
    assertEquals(2, refused.status());
    assertTrue(
        refused
            .err()
            .contains(
                "error BTF_OF_OTHER_KERNEL: is the BTF of another kernel: the structs of 17 of 303"
                    + " events differ from the formats"),
        refused.err());
    assertTrue(refused.err().contains("nothing was registered"), refused.err());
  }

  @Test
  void a_kernel_that_was_registered_without_btf_gets_it_later() throws IOException {
    try (ServerProcess fresh = ServerProcess.start(Files.createDirectory(folder.resolve("fresh")));
        TraceryClient client = client(fresh)) {
      register(BOOKWORM, Optional.empty(), fresh).fine();
      assertFalse(client.types(BOOKWORM_RELEASE, "", 0).hasTypes());
      assertEquals(
          List.of("BTF of 639 tracepoints and 411 structs"),
          btfLines(register(BOOKWORM, Optional.of(BOOKWORM), fresh)));
      assertEquals(
          List.of("BTF of 639 tracepoints and 411 structs, which the kernel had before"),
          btfLines(register(BOOKWORM, Optional.of(BOOKWORM), fresh)));
      assertEquals(2, client.status().getRevision());
      assertFalse(client.types(BOOKWORM_RELEASE, "", 1).hasTypes());
      assertTrue(client.types(BOOKWORM_RELEASE, "", 2).hasTypes());
    }
  }
}
