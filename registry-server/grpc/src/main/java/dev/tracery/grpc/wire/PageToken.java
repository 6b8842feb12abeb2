package dev.tracery.grpc.wire;

import dev.tracery.grpc.status.Violations;
import dev.tracery.model.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/// Where a listing goes on, and at which revision, so that its pages fit together.
///
/// As text it is opaque: base64url of the revision, the position, and eight bytes of a hash over
/// both and the question. A token that was changed, or that belongs to another question, is told
/// from a good one; it holds no secret and gives no right, so the hash needs no key, and a token is
/// good on every server of a registry.
///
/// @param revision the revision that the first page read
/// @param position what the listing makes of it
public record PageToken(long revision, String position) {

  private static final int CHECK_BYTES = 8;
  private static final int MAX_TEXT = 2048;

  /// As the caller gets it.
  ///
  /// @param question the request's other fields
  public String text(String question) {
    byte[] content = content();
    byte[] token = Arrays.copyOf(content, content.length + CHECK_BYTES);
    System.arraycopy(check(content, question), 0, token, content.length, CHECK_BYTES);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }

  /// The token in `text`; none if it is empty.
  public static Optional<PageToken> read(String text, String question, Violations violations) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<PageToken> token = text.length() > MAX_TEXT ? Optional.empty() : parse(text, question);
    if (token.isEmpty()) {
      violations.add(
          "page_token",
          "not a token of this listing; take `next_page_token` from the last answer as it is, and"
              + " change no other field but `page_size`");
    }
    return token;
  }

  private static Optional<PageToken> parse(String text, String question) {
    byte[] token;
    try {
      token = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (token.length < Long.BYTES + CHECK_BYTES) {
      return Optional.empty();
    }
    byte[] content = Arrays.copyOf(token, token.length - CHECK_BYTES);
    byte[] check = Arrays.copyOfRange(token, content.length, token.length);
    if (!Arrays.equals(check, check(content, question))) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(content);
    long revision = in.getLong();
    try {
      return Optional.of(
          new PageToken(revision, StandardCharsets.UTF_8.newDecoder().decode(in).toString()));
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private byte[] content() {
    byte[] at = position.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Long.BYTES + at.length).putLong(revision).put(at).array();
  }

  private static byte[] check(byte[] content, String question) {
    byte[] asked = ("tracery page token 1\0" + question + "\0").getBytes(StandardCharsets.UTF_8);
    byte[] all = Arrays.copyOf(asked, asked.length + content.length);
    System.arraycopy(content, 0, all, asked.length, content.length);
    return Arrays.copyOf(Sha256.of(all).bytes(), CHECK_BYTES);
  }
}
