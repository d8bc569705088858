internal import Foundation
internal import FoundationXML
internal import Testing

@testable internal import lockbox_bench

@Suite("Chart")
struct ChartTests {
  private static let stories: [@Sendable () async throws -> Report] = [
    Story.mixed, Story.steps, Story.broken,
  ]

  @Test("it is well-formed XML, and no two texts lie on one another", arguments: stories.indices)
  func wellFormed(story: Int) async throws {
    let texts = try Texts(of: try await Self.stories[story]().chart)
    #expect(texts.boxes.count > 20)
    for (index, one) in texts.boxes.enumerated() {
      #expect(one.box.minX >= 0 && one.box.maxX <= 960, "\(one.text)")
      for other in texts.boxes[..<index] where one.box.intersects(other.box) {
        Issue.record("‘\(one.text)’ lies on ‘\(other.text)’")
      }
    }
  }

  @Test("the same run gives the same drawing")
  func golden() async throws {
    try expectGolden(try await Story.mixed().chart, "mixed.svg")
    try expectGolden(try await Story.steps().chart, "steps.svg")
  }

  @Test("what was told is in it: the load at which it saturates, axes with units, a legend")
  func content() async throws {
    let words = try Texts(of: try await Story.steps().chart).boxes.map(\.text)
    let saturated = try #require(words.first { $0.hasPrefix("saturated from") })
    #expect(saturated.hasSuffix("per second"))
    for word in [
      "Latency against load", "Latency over time", "milliseconds, logarithmic",
      "operations offered per second", "p50", "p99", "max", "succeeded",
    ] { #expect(words.contains(word), "\(word)") }
    let single = try Texts(of: try await Story.mixed().chart).boxes.map(\.text)
    #expect(!single.contains("Latency against load"))
    #expect(single.contains("failed or not begun"))
  }

  @Test(
    "a linear axis has round steps",
    arguments: [(9.0, true, [0, 2, 4, 6, 8, 10]), (31.0, false, [0, 10, 20, 30])])
  func linear(maximum: Double, isRounded: Bool, ticks: [Double]) {
    #expect(Axis.linear(upTo: maximum, isRounded: isRounded).ticks == ticks)
  }

  @Test(
    "a logarithmic axis begins and ends with round numbers",
    arguments: [
      (0.3...15.0, [0.2, 0.5, 1, 2, 5, 10, 20]), (1...1, [1, 10]),
      (0.012...9_000, [0.01, 0.1, 1, 10, 100, 1_000, 10_000]),
    ])
  func logarithmic(values: ClosedRange<Double>, ticks: [Double]) {
    let axis = Axis.logarithmic(covering: values)
    #expect(axis.ticks == ticks)
    #expect(
      axis.range.lowerBound <= values.lowerBound && axis.range.upperBound >= values.upperBound)
    #expect(axis.fraction(axis.range.lowerBound) == 0 && axis.fraction(axis.range.upperBound) == 1)
  }

  @Test(
    "numbers on axes are short",
    arguments: [
      (0.0, "0"), (0.05, "0.05"), (2.5, "2.5"), (5_000, "5,000"), (1_234_567, "1,234,567"),
    ])
  func labels(value: Double, label: String) {
    #expect(Axis.label(value) == label)
  }
}

/// The texts of a drawing, and about where they lie.
private final class Texts: NSObject, XMLParserDelegate {
  private(set) var boxes: [(text: String, box: CGRect)] = []
  private var open: [String: String]?
  private var content = ""

  init(of drawing: String) throws {
    super.init()
    let parser = XMLParser(data: Data(drawing.utf8))
    parser.delegate = self
    if !parser.parse() { throw parser.parserError ?? CocoaError(.coderReadCorrupt) }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    open = name == "text" ? attributes : nil
    content = ""
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { content += string }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    guard let open, let x = Double(open["x"] ?? ""), let y = Double(open["y"] ?? "") else { return }
    let size = ["title": 18.0, "heading": 14.0][open["class"] ?? "", default: 12]
    // A sans-serif letter is about so wide.
    let width = 0.56 * size * Double(content.count)
    let shift = ["middle": 0.5, "end": 1.0][open["text-anchor"] ?? "", default: 0]
    boxes.append(
      (content, CGRect(x: x - shift * width, y: y - 0.8 * size, width: width, height: size)))
    self.open = nil
  }
}
