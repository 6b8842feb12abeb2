package dev.tracery.cli;

import com.google.protobuf.ByteString;
import dev.tracery.client.TraceryClient;
import dev.tracery.client.TraceryException;
import dev.tracery.v1.GetStatusRequest;
import dev.tracery.v1.GetStatusResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/// Hashes by which a registry that was carried elsewhere is compared with what it was.
final class ContentHash {

  private ContentHash() {}

  /// What a server holds now, with a hash of its state; empty where it has none to tell: it is an
  /// older one, or is written to all the time.
  static Optional<GetStatusResponse> ofState(TraceryClient client) {
    try {
      return Optional.of(client.status(GetStatusRequest.newBuilder().setStateHash(true).build()))
          .filter(status -> !status.getStateHash().isEmpty());
    } catch (TraceryException _) {
      // What was asked of the command is something else, and fails by itself.
      return Optional.empty();
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static String hex(MessageDigest digest) {
    return Terms.hex(ByteString.copyFrom(digest.digest()));
  }
}
