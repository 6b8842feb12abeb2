package dev.tracery.launcher;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Offers the kernels that ship with the project to a registry that listens, and registers them as
/// a person would: with `tracery register`, in processes of their own.
final class SampleKernels {
  private final Distribution distribution;
  private final String address;
  private final Map<String, String> settings;

  /// @param settings the server's
  SampleKernels(Distribution distribution, String address, Map<String, String> settings) {
    this.distribution = distribution;
    // Why: no certificate is for all addresses of a machine.
    this.address = address.replaceFirst("^(0\\.0\\.0\\.0|\\[::\\]):", "localhost:");
    this.settings = settings;
  }

  /// Registers the samples if `withoutAsking`, or if this is the `first` start of a registry and
  /// the person at the terminal says yes. Never asks when there is no terminal. What cannot be
  /// registered is said on standard error; the server goes on.
  void offer(boolean withoutAsking, boolean first) throws InterruptedException {
    try {
      if (!withoutAsking && !first) {
        return;
      }
      Optional<Console> terminal = Terminal.get();
      List<SampleKernel> kernels = SampleKernel.in(distribution.samples());
      if (kernels.isEmpty()) {
        if (withoutAsking) {
          System.err.println("tracery: there are no samples in " + distribution.samples());
        }
        return;
      }
      if (!settings.getOrDefault("tracery.tls.client-ca", "").isEmpty()) {
        System.err.println(
            "tracery: the sample kernels are not registered, because this registry wants a client"
                + " certificate: `tracery register` takes one");
        return;
      }
      if (withoutAsking || terminal.isPresent() && agreed(terminal.get(), kernels)) {
        register(kernels);
      } else {
        System.err.println(
            "tracery: no kernels are registered yet; `tracery serve --with-samples` registers those"
                + " that come with the project");
      }
    } catch (IOException e) {
      System.err.println("tracery: cannot read the sample kernels: " + e.getMessage());
    }
  }

  private static boolean agreed(Console terminal, List<SampleKernel> kernels) {
    long bytes = kernels.stream().mapToLong(SampleKernel::bytes).sum();
    System.err.println("This registry is new. These kernels ship with the project:");
    for (SampleKernel kernel : kernels) {
      System.err.printf("  %-45s %5d KiB%n", kernel.id(), kernel.bytes() / 1024);
    }
    System.err.printf(
        "Register them (%d kernels, %.1f MiB of formats)? [y/N] ",
        kernels.size(), bytes / 1048576.0);
    String answer = terminal.readLine();
    return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
  }

  private void register(List<SampleKernel> kernels) throws IOException, InterruptedException {
    int done = 0;
    for (int i = 0; i < kernels.size(); i++) {
      SampleKernel kernel = kernels.get(i);
      System.err.printf("registering sample %d of %d: %s%n", i + 1, kernels.size(), kernel.id());
      Process register =
          command(kernel)
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try {
        done += register.waitFor() == 0 ? 1 : 0;
      } finally {
        register.destroy();
      }
    }
    System.err.printf("registered %d of %d sample kernels%n", done, kernels.size());
  }

  private ProcessBuilder command(SampleKernel kernel) {
    var command =
        new ArrayList<>(List.of(distribution.script().toString(), "register", "--server", address));
    kernel.flags().forEach((flag, value) -> command.addAll(List.of(flag, value)));
    // The server's own certificate is what the command trusts.
    option(command, "--tls-ca", "tracery.tls.cert");
    option(command, "--token-file", "tracery.auth.token-file");
    command.add(kernel.formats().toString());
    var builder = new ProcessBuilder(command);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    // Why: those are for the server.
    builder.environment().remove("TRACERY_JAVA_OPTS");
    // Why: those are for other registries.
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.matches("TRACERY_(TLS|STORE|TOKEN_FILE).*"));
    return builder;
  }

  private void option(List<String> command, String option, String setting) {
    String value = settings.getOrDefault(setting, "");
    if (!value.isEmpty()) {
      command.addAll(List.of(option, value));
    }
  }
}
