internal import RPC
internal import Testing

@testable internal import lockbox_bench

@Suite("Report")
struct ReportTests {
  private var report: Report {
    var samples = Samples()
    for milliseconds in 1...100 { samples.record(.milliseconds(milliseconds), nil) }
    samples.record(.zero, RPCError(.unavailable, "gone"))
    return Report(
      operations: samples, steps: [("token", samples)], elapsed: .milliseconds(2_500))
  }

  @Test("the text has rates, percentiles in milliseconds and failures")
  func text() {
    let lines = report.text("title").split(separator: "\n").map(String.init)
    #expect(lines[0] == "title")
    #expect(lines[1] == "100 succeeded, 1 failed in 2.50 s: 40/s")
    #expect(lines[2].hasPrefix("milliseconds"))
    #expect(lines[3].hasPrefix("operation"))
    #expect(lines[4].hasPrefix("token"))
    #expect(lines.last == "UNAVAILABLE 1: gone")
  }

  @Test("the JSON says the same")
  func json() {
    let json = report.json("title")
    #expect(json.hasPrefix("{\"title\":\"title\",\"seconds\":2.500,\"per_second\":40.0,"))
    #expect(json.contains("\"errors\":{\"UNAVAILABLE\":1}"))
    #expect(json.contains("\"steps\":{\"token\":{\"succeeded\":100,"))
    #expect(!json.contains("\n"))
  }

  @Test("without a success there are no percentiles")
  func empty() {
    let empty = Report(operations: Samples(), steps: [], elapsed: .zero)
    #expect(empty.perSecond == 0)
    #expect(empty.json("t").contains("\"milliseconds\":{}"))
    #expect(empty.text("t").contains("–"))
  }

  @Test(
    "numbers are rounded to their digits",
    arguments: [(1.2346, 3, "1.235"), (0.0004, 3, "0.000"), (12.0, 0, "12"), (9.999, 2, "10.00")])
  func digits(value: Double, digits: Int, text: String) {
    #expect(Report.fixed(value, digits) == text)
  }
}
