package dev.tracery.compiler.input;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunningKernelTest {

  @TempDir Path root;

  private void write(String path, byte[] bytes) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private void write(String path, String text) throws IOException {
    write(path, text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sys/kernel/tracing/", "sys/kernel/debug/tracing/"})
  void tracefs_and_proc_tell_the_kernel(String tracefs) throws IOException {
    boolean big = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;
    write(tracefs + "events/header_page", Tars.HEADER_PAGE);
    write(tracefs + "events/sched/sched_switch/format", Tars.format("sched_switch"));
    write("proc/sys/kernel/osrelease", "6.1.0-x\n");
    write("proc/sys/kernel/version", "#1 SMP (2026)\n");
    write("proc/sys/kernel/arch", big ? "s390x\n" : "x86_64\n");
    Bytes auxv = big ? Bytes.big() : Bytes.little();
    write("proc/self/auxv", auxv.u64(3).u64(4096).u64(6).u64(16384).u64(0).u64(0).bytes());
    KernelInput input = new RunningKernel(root).readAll(InputLimits.DEFAULT);
    assertEquals(List.of(), input.diagnostics());
    assertEquals(List.of("sched/sched_switch"), InputFiles.events(input));
    assertEquals(
        "KernelIdentity[release=6.1.0-x, build=#1 SMP (2026), machine="
            + (big ? "s390x, target=64-bit big" : "x86_64, target=64-bit little")
            + "-endian, pageSize=16384]",
        IdentityResolver.resolve(input, KernelFlags.NONE).identity().orElseThrow().toString());
  }

  @Test
  void without_tracefs_it_is_said_what_to_do() {
    KernelInput input = new RunningKernel(root).readAll(InputLimits.DEFAULT);
    assertEquals(
        List.of(
            "ROOT/sys/kernel/tracing/events: error INPUT_UNREADABLE: the running kernel's events"
                + " folder is not there or not readable (run as root; if there is no events folder,"
                + " mount it: mount -t tracefs nodev /sys/kernel/tracing)"),
        input.diagnostics().stream()
            .map(found -> found.toString().replace(root.toString(), "ROOT"))
            .toList());
  }
}
