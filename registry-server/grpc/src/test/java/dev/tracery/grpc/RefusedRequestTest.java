package dev.tracery.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.tracery.v1.DiffKernelsRequest;
import dev.tracery.v1.DiffSchemasRequest;
import dev.tracery.v1.FindMissingLayoutsRequest;
import dev.tracery.v1.GetKernelRequest;
import dev.tracery.v1.GetSchemaRequest;
import dev.tracery.v1.ListEventsRequest;
import dev.tracery.v1.ListKernelsRequest;
import dev.tracery.v1.ListKernelsResponse;
import dev.tracery.v1.SchemaPart;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What is wrong with a request, whatever the registry holds: said per field, the registry not
/// asked.
final class RefusedRequestTest {

  private static final String INFO =
      "ErrorInfo { reason: \"REQUEST_INVALID\" domain: \"tracery.dev\" }\n";

  private final TestServer server = new TestServer();

  @AfterEach
  void stop() {
    server.close();
    assertEquals(List.of(), server.registry.asked);
  }

  @Test
  void a_kernel_needs_a_name() {
    String problem = "name a kernel: its id, a prefix of the id (4 digits or more) or a release";
    assertEquals(
        "INVALID_ARGUMENT: kernel: " + problem + "\n" + INFO + badRequest("kernel", problem),
        TestServer.refusal(() -> server.calls().getKernel(GetKernelRequest.getDefaultInstance())));
  }

  @Test
  void a_control_character_is_named_with_its_place() {
    String problem = "has the control character U+001B at position 2";
    assertEquals(
        "INVALID_ARGUMENT: kernel: " + problem + "\n" + INFO + badRequest("kernel", problem),
        TestServer.refusal(() ->
            server.calls().getKernel(GetKernelRequest.newBuilder().setKernel("a\u001b[").build())));
  }

  @Test
  void every_field_that_is_wrong_is_named() {
    assertEquals(
        "INVALID_ARGUMENT: event: expected system/name but found \"x\", which has no '/' (and 3 more)\n"
            + INFO
            + "BadRequest { field_violations { field: \"event\" description: \"expected system/name but"
            + " found \\\"x\\\", which has no \\'/\\'\" } field_violations { field: \"layout_hash\""
            + " description: \"expected a SHA-256 of 32 bytes but found 1 bytes\" } field_violations {"
            + " field: \"parts[0]\" description: \"expected a SchemaPart from 1 to 5 but found 0\" }"
            + " field_violations { field: \"parts[2]\" description: \"expected a SchemaPart from 1 to 5"
            + " but found 77\" } }\n",
        TestServer.refusal(() ->
            server
                .calls()
                .getSchema(
                    GetSchemaRequest.newBuilder()
                        .setEvent("x")
                        .setLayoutHash(ByteString.copyFrom(new byte[1]))
                        .addPartsValue(0)
                        .addPartsValue(1)
                        .addPartsValue(77)
                        .build())));
  }

  @Test
  void a_decode_plan_needs_a_kernel_or_a_layout() {
    String problem = "SCHEMA_PART_DECODE_PLAN needs `kernel` or `layout_hash` as the selector";
    assertEquals(
        "INVALID_ARGUMENT: parts[0]: " + problem + "\n" + INFO + badRequest("parts[0]", problem),
        TestServer.refusal(() ->
            server
                .calls()
                .getSchema(
                    GetSchemaRequest.newBuilder()
                        .setEvent("a/b")
                        .setVersion(1)
                        .addParts(SchemaPart.SCHEMA_PART_DECODE_PLAN)
                        .build())));
  }

  @Test
  void versions_count_from_1() {
    String problem = "versions count from 1; leave the selector unset for the latest, instead of 0";
    assertEquals(
        "INVALID_ARGUMENT: version: " + problem + "\n" + INFO + badRequest("version", problem),
        TestServer.refusal(() ->
            server
                .calls()
                .getSchema(GetSchemaRequest.newBuilder().setEvent("a/b").setVersion(0).build())));
    assertEquals(
        "INVALID_ARGUMENT: from_version: versions count from 1 (and 1 more)\n",
        firstLine(
            TestServer.refusal(() ->
                server
                    .calls()
                    .diffSchemas(
                        DiffSchemasRequest.newBuilder()
                            .setEvent("a/b")
                            .setToVersion(-1)
                            .build()))));
  }

  @Test
  void a_page_size_has_a_range() {
    String problem = "expected 1 to 1000, or 0 for 100, but found -1";
    assertEquals(
        "INVALID_ARGUMENT: page_size: " + problem + "\n" + INFO + badRequest("page_size", problem),
        TestServer.refusal(() ->
            server.calls().listKernels(ListKernelsRequest.newBuilder().setPageSize(-1).build())));
    assertEquals(
        "INVALID_ARGUMENT: page_size: expected 1 to 10000, or 0 for 1000, but found 10001\n",
        firstLine(
            TestServer.refusal(() ->
                server
                    .calls()
                    .listEvents(ListEventsRequest.newBuilder().setPageSize(10_001).build()))));
  }

  @Test
  void a_page_token_is_good_for_its_own_listing_only() {
    server.registry.kernels.addAll(
        List.of(Samples.kernel("0000000000000001"), Samples.kernel("0000000000000002")));
    ListKernelsRequest request = ListKernelsRequest.newBuilder().setPageSize(1).build();
    ListKernelsResponse page = server.calls().listKernels(request);
    server.registry.asked.clear();
    String token = page.getNextPageToken();
    String problem =
        "not a token of this listing; take `next_page_token` from the last answer as it is, and"
            + " change no other field but `page_size`";
    String expected =
        "INVALID_ARGUMENT: page_token: "
            + problem
            + "\n"
            + INFO
            + badRequest("page_token", problem);

    assertEquals(expected, listWith(request.toBuilder().setPageToken("?").build()));
    assertEquals(expected, listWith(request.toBuilder().setPageToken("AAAA").build()));
    assertEquals(
        expected, listWith(request.toBuilder().setPageToken(token).setSeries("debian").build()));
    for (int i = 0; i < token.length(); i++) {
      char other = token.charAt(i) == 'A' ? 'B' : 'A';
      String tampered = token.substring(0, i) + other + token.substring(i + 1);
      assertEquals(expected, listWith(request.toBuilder().setPageToken(tampered).build()));
    }
    assertEquals(
        firstLine(expected),
        firstLine(
            TestServer.refusal(() ->
                server
                    .calls()
                    .listEvents(ListEventsRequest.newBuilder().setPageToken(token).build()))));
  }

  @Test
  void a_revision_must_be_there() {
    String problem = "expected a revision up to 0, the latest, but found 18446744073709551615";
    assertEquals(
        "OUT_OF_RANGE: at_revision: "
            + problem
            + "\nErrorInfo { reason: \"REVISION_NOT_REACHED\" domain: \"tracery.dev\" }\n"
            + badRequest("at_revision", problem),
        TestServer.refusal(() ->
            server
                .calls()
                .getKernel(
                    GetKernelRequest.newBuilder().setKernel("k").setAtRevision(-1).build())));
    assertEquals(
        "OUT_OF_RANGE: at_revision: expected a revision up to 0, the latest, but found 1\n",
        firstLine(
            TestServer.refusal(() ->
                server
                    .calls()
                    .diffKernels(
                        DiffKernelsRequest.newBuilder()
                            .setFromKernel("a")
                            .setToKernel("b")
                            .setAtRevision(1)
                            .build()))));
  }

  @Test
  void thousands_of_violations_are_counted_and_the_first_are_shown() {
    ByteString bad = ByteString.copyFrom(new byte[31]);
    String refusal =
        TestServer.refusal(() ->
            server
                .calls()
                .findMissingLayouts(
                    FindMissingLayoutsRequest.newBuilder()
                        .addAllLayoutHashes(Collections.nCopies(5000, bad))
                        .build()));

    assertEquals(
        "INVALID_ARGUMENT: layout_hashes[0]: expected a SHA-256 of 32 bytes but found 31 bytes (and"
            + " 4999 more)\n",
        firstLine(refusal));
    assertEquals(10, refusal.split("field_violations", -1).length - 1);
  }

  @Test
  void too_many_hashes_are_refused_unread() {
    assertEquals(
        "INVALID_ARGUMENT: layout_hashes: at most 65536 hashes are allowed, not 65537; ask in several"
            + " calls\n",
        firstLine(
            TestServer.refusal(() ->
                server
                    .calls()
                    .findMissingLayouts(
                        FindMissingLayoutsRequest.newBuilder()
                            .addAllLayoutHashes(
                                Collections.nCopies(65_537, ByteString.copyFrom(new byte[1])))
                            .build()))));
  }

  @Test
  void a_message_beyond_the_limit_is_resource_exhausted() {
    String refusal =
        TestServer.refusal(() ->
            server
                .calls()
                .getKernel(GetKernelRequest.newBuilder().setKernel("k".repeat(2 << 20)).build()));
    assertTrue(refusal.contains("RESOURCE_EXHAUSTED"), refusal);
  }

  private String listWith(ListKernelsRequest request) {
    return TestServer.refusal(() -> server.calls().listKernels(request));
  }

  private static String badRequest(String field, String description) {
    return "BadRequest { field_violations { field: \""
        + field
        + "\" description: \""
        + description
        + "\" } }\n";
  }

  private static String firstLine(String text) {
    return text.substring(0, text.indexOf('\n') + 1);
  }
}
