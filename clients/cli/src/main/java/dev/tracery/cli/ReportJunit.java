package dev.tracery.cli;

import dev.tracery.v1.ChangeCount;
import dev.tracery.v1.CompatibilityReport;
import dev.tracery.v1.Finding;
import dev.tracery.v1.UnmetRequirement;
import dev.tracery.v1.Verdict;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/// Writes reports as JUnit XML, in the form that Ant began and that CI servers read: a test case
/// for each finding and for each requirement that does not hold, and one for all that do.
///
/// A break fails. What a person must look at, and what is not this kernel's doing, is skipped, with
/// the reason.
final class ReportJunit {

  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

  private final boolean strict;

  /// @param strict whether a review fails, too
  ReportJunit(boolean strict) {
    this.strict = strict;
  }

  String write(CompatibilityReport report) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      newLine(xml, 0);
      xml.writeStartElement("testsuites");
      suite(xml, report);
      newLine(xml, 0);
      xml.writeEndElement();
      newLine(xml, 0);
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("writing XML to memory", e);
    }
    return text.toString();
  }

  private void suite(XMLStreamWriter xml, CompatibilityReport report) throws XMLStreamException {
    long failures = report.getFindingsList().stream().filter(this::fails).count();
    long reviews = ReportWords.count(report, Verdict.VERDICT_REVIEW);
    long skipped =
        (strict ? 0 : reviews) + report.getUnmetCount() + (long) report.getUnknownCount();
    newLine(xml, 1);
    xml.writeStartElement("testsuite");
    attribute(xml, "name", "tracery check " + report.getSeries());
    attribute(
        xml,
        "tests",
        1L + report.getFindingsCount() + report.getUnmetCount() + report.getUnknownCount());
    attribute(xml, "failures", failures);
    attribute(xml, "errors", 0);
    attribute(xml, "skipped", skipped);
    attribute(xml, "time", 0);
    attribute(
        xml,
        "timestamp",
        TIMESTAMP.format(
            Instant.ofEpochSecond(report.getTime().getSeconds(), report.getTime().getNanos())));
    attribute(xml, "hostname", "localhost");
    properties(xml, report);
    for (Finding finding : report.getFindingsList()) {
      finding(xml, finding);
    }
    for (UnmetRequirement unmet : report.getUnmetList()) {
      unmet(xml, unmet, "not satisfied before either");
    }
    for (UnmetRequirement unknown : report.getUnknownList()) {
      unmet(xml, unknown, "not known");
    }
    newLine(xml, 2);
    xml.writeEmptyElement("testcase");
    attribute(xml, "classname", "tracery.check");
    attribute(
        xml, "name", report.getRequirementsJudged() + " requirements of live claims were judged");
    attribute(xml, "time", 0);
    newLine(xml, 2);
    xml.writeStartElement("system-out");
    xml.writeCharacters(clean(harmless(report)));
    xml.writeEndElement();
    newLine(xml, 2);
    xml.writeStartElement("system-err");
    xml.writeEndElement();
    newLine(xml, 1);
    xml.writeEndElement();
  }

  private static void properties(XMLStreamWriter xml, CompatibilityReport report)
      throws XMLStreamException {
    newLine(xml, 2);
    xml.writeStartElement("properties");
    property(xml, "candidate", ReportWords.kernel(report.getCandidate()));
    property(xml, "predecessor", ReportWords.predecessor(report));
    property(xml, "revision", Long.toUnsignedString(report.getRevision()));
    newLine(xml, 2);
    xml.writeEndElement();
  }

  private static void property(XMLStreamWriter xml, String name, String value)
      throws XMLStreamException {
    newLine(xml, 3);
    xml.writeEmptyElement("property");
    attribute(xml, "name", name);
    attribute(xml, "value", value);
  }

  private void finding(XMLStreamWriter xml, Finding finding) throws XMLStreamException {
    String change = ReportWords.change(finding.getChange());
    start(
        xml,
        ReportWords.who(finding),
        ReportWords.subject(finding) + " (" + ReportWords.how(finding) + "): " + change);
    newLine(xml, 3);
    if (fails(finding)) {
      xml.writeStartElement("failure");
      attribute(xml, "message", first(finding.getExplanation(), finding.getQuestion(), change));
      attribute(xml, "type", ReportWords.verdict(finding.getVerdict()));
      xml.writeCharacters(clean(details(finding, change)));
      xml.writeEndElement();
    } else if (finding.getVerdict() == Verdict.VERDICT_REVIEW) {
      xml.writeEmptyElement("skipped");
      attribute(xml, "message", first(finding.getQuestion(), finding.getExplanation(), change));
    } else {
      xml.writeStartElement("system-out");
      xml.writeCharacters(clean(details(finding, change)));
      xml.writeEndElement();
    }
    newLine(xml, 2);
    xml.writeEndElement();
  }

  private static void unmet(XMLStreamWriter xml, UnmetRequirement unmet, String why)
      throws XMLStreamException {
    start(
        xml,
        ReportWords.who(unmet.getConsumer()),
        (unmet.getEvent().isEmpty() ? "the kernel" : unmet.getEvent())
            + " ("
            + ReportWords.access(unmet.getAccess())
            + ")");
    newLine(xml, 3);
    xml.writeEmptyElement("skipped");
    attribute(xml, "message", why + ": " + unmet.getReason());
    newLine(xml, 2);
    xml.writeEndElement();
  }

  private static void start(XMLStreamWriter xml, String who, String name)
      throws XMLStreamException {
    newLine(xml, 2);
    xml.writeStartElement("testcase");
    attribute(xml, "classname", who);
    attribute(xml, "name", name);
    attribute(xml, "time", 0);
  }

  private boolean fails(Finding finding) {
    return finding.getVerdict() == Verdict.VERDICT_BREAK
        || (strict && finding.getVerdict() == Verdict.VERDICT_REVIEW);
  }

  private static String details(Finding finding, String change) {
    StringBuilder text = new StringBuilder(change).append('\n');
    line(text, "", finding.getExplanation());
    line(text, "question: ", finding.getQuestion());
    line(text, "mend: ", finding.getRemedy());
    line(text, "hint: ", finding.getHint());
    line(text, "waiver: ", finding.getWaiver());
    line(text, "source: ", finding.getConsumer().getSource());
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    if (!value.isEmpty()) {
      text.append(name).append(value).append('\n');
    }
  }

  private static String harmless(CompatibilityReport report) {
    StringBuilder text = new StringBuilder(ReportWords.counts(report)).append('\n');
    for (ChangeCount count : report.getHarmlessList()) {
      text.append(ChangeWord.of(count.getKind()).many())
          .append(count.getVerdict() == Verdict.VERDICT_UNUSED ? ", unused: " : ": ")
          .append(count.getCount())
          .append('\n');
    }
    return text.toString();
  }

  private static String first(String... texts) {
    for (String text : texts) {
      if (!text.isEmpty()) {
        return text;
      }
    }
    return "";
  }

  private static void attribute(XMLStreamWriter xml, String name, long value)
      throws XMLStreamException {
    xml.writeAttribute(name, Long.toString(value));
  }

  private static void attribute(XMLStreamWriter xml, String name, String value)
      throws XMLStreamException {
    xml.writeAttribute(name, clean(value));
  }

  /// Without what XML 1.0 cannot say, not even as a reference.
  private static String clean(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c ->
            out.appendCodePoint(
                c == '\t'
                        || c == '\n'
                        || (c >= 0x20 && c <= 0xd7ff)
                        || (c >= 0xe000 && c <= 0xfffd)
                        || c >= 0x10000
                    ? c
                    : 0xfffd));
    return out.toString();
  }

  private static void newLine(XMLStreamWriter xml, int depth) throws XMLStreamException {
    xml.writeCharacters("\n" + "  ".repeat(depth));
  }
}
