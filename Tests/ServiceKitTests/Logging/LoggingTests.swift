internal import Domain
internal import Logging
internal import ServiceKit
internal import StrictJSON
internal import TestKit
internal import Testing

@Suite("Logs")
struct LoggingTests {
  let capture = LogCapture()
  static let token = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl"

  @Test("a line is one JSON object with time, level, service, message and fields")
  func shape() throws {
    capture.logger("intake").log(
      .info, "request accepted", .tenant(try #require(TenantID("contoso"))), .count("bytes", 12))
    let line = try #require(capture.lines.first)
    #expect(line.hasSuffix("}\n"))
    let json = try JsonParser.parse(Array(line.utf8))
    #expect(json["time"] == .string("2026-11-21T12:00:00Z"))
    #expect(json["level"] == .string("info"))
    #expect(json["service"] == .string("intake"))
    #expect(json["message"] == .string("request accepted"))
    #expect(json["tenant_id"] == .string("contoso"))
    #expect(json["bytes"] == .string("12"))
  }

  @Test(
    "no token gets into a line, whichever way it is given", arguments: [LogFormat.json, .human])
  func tokens(_ format: LogFormat) {
    let logger = capture.logger(format: format)
    logger.info("called", metadata: ["header": "Bearer \(Self.token)"])
    logger.info("called with \(Self.token)")
    logger.info("called", metadata: ["list": .array(["\(Self.token)"])])
    logger.info("called", metadata: ["x": "eyJ eyJ\(Self.token)"])
    logger.log(.info, "called", .error(StartError(.usage, "bad \(Self.token)")))
    #expect(capture.lines.count == 5)
    for line in capture.lines {
      #expect(!line.contains("c2lnbmF0dXJl"))
      #expect(line.contains("[redacted]"))
    }
  }

  @Test(
    "what people wrote and what is secret is never a field",
    arguments: ["justification", "comment", "Authorization", "access_token", "ticket", "key"])
  func secrets(_ key: String) {
    capture.logger().info("x", metadata: [key: "the cat's name"])
    #expect(capture.lines.first?.contains("the cat's name") == false)
    #expect(capture.lines.first?.contains("[redacted]") == true)
  }

  @Test("a value cannot forge a line, and a long one is cut")
  func forging() {
    let logger = capture.logger(format: .human)
    logger.info("x", metadata: ["a": "1\n2026 ERROR forged \u{1b}[31m \u{9b}"])
    logger.info("x", metadata: ["a": .string(String(repeating: "é", count: 10_000))])
    #expect(capture.lines.allSatisfy { $0.split(separator: "\n").count == 1 })
    #expect(!capture.lines[0].contains("\u{1b}") && !capture.lines[0].contains("\u{9b}"))
    #expect(capture.lines[1].utf8.count < 2_000)
  }

  @Test("what merely begins like a token stays")
  func noToken() {
    capture.logger().info("x", metadata: ["a": "eyJustAWord and eyJ.one"])
    #expect(capture.lines.first?.contains("eyJustAWord and eyJ.one") == true)
  }
}
