package dev.tracery.cli;

import dev.tracery.client.ClientOptions;
import dev.tracery.client.TlsOptions;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a command talks to a registry, and who it says that it is. Each option has an environment
/// variable, so that a machine is set up once.
final class ConnectionOptions {

  @Option(
      names = "--tls",
      description = "Speak TLS; the other options of TLS say so, too. Default: TRACERY_TLS=1 does.")
  private boolean tls;

  @Option(
      names = "--tls-ca",
      paramLabel = "FILE",
      description =
          "The authorities that the registry's certificate may be from, or that certificate itself,"
              + " PEM. Default: TRACERY_TLS_CA, or those that Java trusts.")
  private @Nullable Path authorities;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description =
          "Your own certificate, if the registry wants one, PEM. Default: TRACERY_TLS_CERT.")
  private @Nullable Path certificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "Its private key, PEM. Default: TRACERY_TLS_KEY.")
  private @Nullable Path key;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "A file with your token, if the registry wants one. Default: TRACERY_TOKEN_FILE.")
  private @Nullable Path token;

  @Option(
      names = "--at-least-revision",
      paramLabel = "N",
      description =
          "Answer only from revision N or later, whichever server answers: what was written up to"
              + " then is seen. Default: what the server has read.")
  private long atLeastRevision;

  /// Whether one of these was given, which only a command that asks a registry needs.
  boolean given() {
    return tls
        || authorities != null
        || certificate != null
        || key != null
        || token != null
        || atLeastRevision != 0;
  }

  ClientOptions options(Console console) {
    if (atLeastRevision < 0) {
      throw CommandFailure.wrongUse(
          "--at-least-revision: expected 0 or more but found " + atLeastRevision);
    }
    ClientOptions options =
        ClientOptions.defaults()
            .withUserAgent("tracery-cli/" + Version.TEXT)
            .withAtLeastRevision(atLeastRevision);
    Optional<Path> caFile = file(authorities, console, "TRACERY_TLS_CA");
    Optional<Path> certificateFile = file(certificate, console, "TRACERY_TLS_CERT");
    Optional<Path> keyFile = file(key, console, "TRACERY_TLS_KEY");
    Optional<Path> tokenFile = file(token, console, "TRACERY_TOKEN_FILE");
    if (certificateFile.isPresent() != keyFile.isPresent()) {
      throw CommandFailure.wrongUse(
          certificateFile.isPresent()
              ? "--tls-cert: the certificate's private key is missing; --tls-key names it"
              : "--tls-key: the key's certificate is missing; --tls-cert names it");
    }
    boolean wanted = tls || console.variable("TRACERY_TLS").equals(Optional.of("1"));
    if (wanted || caFile.isPresent() || certificateFile.isPresent()) {
      TlsOptions chosen = TlsOptions.defaults();
      if (caFile.isPresent()) {
        chosen = chosen.withAuthorities(caFile.get());
      }
      if (certificateFile.isPresent() && keyFile.isPresent()) {
        chosen = chosen.withIdentity(certificateFile.get(), keyFile.get());
      }
      options = options.withTls(chosen);
    }
    return tokenFile.isPresent() ? options.withTokenFile(tokenFile.get()) : options;
  }

  private static Optional<Path> file(@Nullable Path given, Console console, String variable) {
    return given != null ? Optional.of(given) : console.variable(variable).map(Path::of);
  }
}
