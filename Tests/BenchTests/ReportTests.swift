internal import Foundation
internal import RPC
internal import Testing

@testable internal import lockbox_bench

@Suite("Report")
struct ReportTests {
  @Test("the text for people: rates, percentiles by method, failures by reason")
  func text() async throws {
    try expectGolden(try await Story.mixed().text, "mixed.txt")
    try expectGolden(try await Story.steps().text, "steps.txt")
  }

  @Test("the JSON keeps its keys and their meaning")
  func json() async throws {
    try expectGolden(try await Story.mixed().json, "mixed.json")
    try expectGolden(try await Story.steps().json, "steps.json")
  }

  @Test("the JSON is JSON, and its parts agree with one another")
  func consistency() async throws {
    let report = try await Story.mixed()
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any])
    #expect(object["format"] as? String == "lockbox-bench")
    #expect(object["version"] as? Int == Report.formatVersion)
    let methods = try #require(object["methods"] as? [[String: Any]])
    let whole = methods.filter { $0["step"] is NSNull }
    func sum(_ key: String) -> Int { whole.reduce(0) { $0 + ($1[key] as? Int ?? 0) } }
    #expect(sum("succeeded") == object["succeeded"] as? Int)
    #expect(sum("failed") == object["failed"] as? Int)
    let errors = try #require(object["errors"] as? [[String: Any]])
    #expect(errors.first?["reason"] as? String == "STORAGE_FULL")
    #expect(errors.first?["message"] as? String == "the disk is \"full\" & <slow>")
    let timeline = try #require(object["timeline"] as? [String: Any])
    let windows = try #require(timeline["windows"] as? [[String: Any]])
    #expect(
      windows.reduce(0) { $0 + ($1["succeeded"] as? Int ?? 0) } == object["succeeded"] as? Int)
    #expect(
      windows.reduce(0) { $0 + ($1["not_begun"] as? Int ?? 0) } == object["not_begun"] as? Int)
    #expect(object["not_begun"] as? Int ?? 0 > 0)
  }

  @Test("without a success there are no percentiles")
  func empty() async throws {
    let report = try await Story.broken()
    #expect(report.json.contains("\"latency_ms\":{}"))
    #expect(report.text.contains("–"))
    #expect(report.text.hasSuffix("UNAVAILABLE 30: down"))
    #expect(report.total.achieved == 0)
  }

  @Test(
    "numbers are rounded to their digits",
    arguments: [
      (1.2346, 3, "1.235"), (0.0004, 3, "0.000"), (12.0, 0, "12"), (9.999, 2, "10.00"),
      (-1.26, 1, "-1.3"),
    ])
  func digits(value: Double, digits: Int, text: String) {
    #expect(Report.fixed(value, digits) == text)
  }
}
