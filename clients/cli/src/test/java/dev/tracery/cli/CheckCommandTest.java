package dev.tracery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tracery.client.FakeServer;
import dev.tracery.v1.CheckKernelRequest;
import dev.tracery.v1.CheckKernelResponse;
import dev.tracery.v1.CompatibilityReport;
import dev.tracery.v1.CompatibilityServiceGrpc;
import dev.tracery.v1.FindMissingLayoutsResponse;
import dev.tracery.v1.RegistryServiceGrpc;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

final class CheckCommandTest {

  @TempDir private Path folder = Path.of("");
  private final List<CheckKernelRequest> received = new ArrayList<>();

  @Test
  void tells_what_breaks_and_exits_with_1() {
    Golden.check("check", check(Reports.breaking()).toString());
    assertEquals(
        """
        header {
          identity {
            release: "r"
            machine: "s390x"
            word_size: WORD_SIZE_64
            byte_order: BYTE_ORDER_BIG_ENDIAN
            page_size: 4096
          }
          series: "debian-amd64"
        }
        """,
        received.getFirst().toString());
    assertEquals(1, received.get(1).getEvents().getEventsCount());
  }

  @Test
  void a_terminal_gets_colours() {
    Path input = Formats.in(folder).event("a/e", 17, "int x;8;4;1").folder();
    try (FakeServer server = registry(Reports.undecided())) {
      Run run =
          Run.onTerminal(
              Map.of("TRACERY_SERVER", server.address()),
              "check",
              input.toString(),
              "--series",
              "debian-amd64",
              "--release",
              "r",
              "--machine",
              "s390x");
      Golden.check("check-terminal", run.toString().replace("\u001b", "ESC"));
    }
  }

  @Test
  void says_that_nothing_breaks() {
    Golden.check("check-harmless", check(Reports.harmless()).toString());
  }

  @Test
  void what_a_person_must_decide_is_a_failure_only_where_that_is_asked_for() {
    assertEquals(0, check(Reports.undecided()).status());
    assertEquals(1, check(Reports.undecided(), "--strict").status());
  }

  @Test
  void json_is_the_report() {
    Golden.check("check-json", check(Reports.breaking(), "--output", "json").toString());
  }

  @Test
  void github_gets_workflow_commands() {
    Golden.check("check-github", check(Reports.breaking(), "--output", "github").toString());
  }

  @Test
  void junit_gets_xml_that_a_parser_reads() throws Exception {
    Run run = check(Reports.breaking(), "--output", "junit");
    Golden.check("check-junit", run.toString());

    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(run.out().getBytes(StandardCharsets.UTF_8)));
    Element suite = (Element) document.getElementsByTagName("testsuite").item(0);
    NodeList cases = suite.getElementsByTagName("testcase");
    assertEquals(Integer.toString(cases.getLength()), suite.getAttribute("tests"));
    assertEquals(
        Integer.toString(suite.getElementsByTagName("failure").getLength()),
        suite.getAttribute("failures"));
    assertEquals(
        Integer.toString(suite.getElementsByTagName("skipped").getLength()),
        suite.getAttribute("skipped"));
    // What XML cannot say is replaced, the rest arrives as it was.
    Element waived = (Element) cases.item(4);
    assertEquals(
        "print format\nthe text has no `vec=`, says\ufffd[31m the\ufffd \ud83d\ude00 tool\n"
            + "waiver: softirq-2026\n",
        waived.getElementsByTagName("system-out").item(0).getTextContent());
  }

  @Test
  void a_series_is_needed() {
    assertEquals(
        new Run(
            2,
            "",
            "tracery: Missing required option: '--series=SERIES'; see `tracery check --help`\n"),
        Run.of("check", folder.toString()));
  }

  private Run check(CompatibilityReport report, String... more) {
    Path input = Formats.in(folder).event("a/e", 17, "int x;8;4;1").folder();
    List<String> line =
        new ArrayList<>(
            List.of(
                "check",
                input.toString(),
                "--series",
                "debian-amd64",
                "--release",
                "r",
                "--machine",
                "s390x"));
    line.addAll(List.of(more));
    try (FakeServer server = registry(report)) {
      return Run.at(server.address(), line.toArray(String[]::new));
    }
  }

  private FakeServer registry(CompatibilityReport report) {
    return FakeServer.builder()
        .unary(
            RegistryServiceGrpc.getFindMissingLayoutsMethod(),
            request ->
                FindMissingLayoutsResponse.newBuilder()
                    .addAllMissing(request.getLayoutHashesList())
                    .build())
        .collecting(
            CompatibilityServiceGrpc.getCheckKernelMethod(),
            requests -> {
              received.addAll(requests);
              return CheckKernelResponse.newBuilder().setReport(report).build();
            })
        .start();
  }
}
