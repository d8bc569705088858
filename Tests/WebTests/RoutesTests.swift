internal import Domain
internal import Testing

@testable internal import Web

@Suite("Routes and targets")
struct RoutesTests {
  @Test(
    "a target is taken apart and decoded",
    arguments: [
      ("/", [""], [:]), ("/a/b", ["a", "b"], [:]), ("/a//b/", ["a", "", "b", ""], [:]),
      ("/a%20b+c?d+e=f%2Bg&h", ["a b+c"], ["d e": "f+g", "h": ""]), ("/a?", ["a"], [:]),
    ] as [(String, [String], [String: String])])
  func targets(_ text: String, _ segments: [String], _ query: [String: String]) throws {
    let target = try #require(RequestTarget(text))
    #expect(target.segments == segments)
    #expect(
      Dictionary(uniqueKeysWithValues: target.query.map { ($0.name, $0.value) }) == query)
  }

  @Test(
    "what nobody sends who resolved an address is refused",
    arguments: ["", "a", "*", "http://a/b", "/%", "/%4", "/%4g", "/%00", "/%c3", "/..", "/a/./b"])
  func badTargets(_ text: String) { #expect(RequestTarget(text) == nil) }

  @Test("patterns fit words, parameters and the rest")
  func patterns() {
    let pattern = RoutePattern("/logs/:log/tile/*")
    #expect(pattern.match(["logs", "a", "tile", "0", "x001"])?.rest == ["0", "x001"])
    #expect(pattern.match(["logs", "a", "tile", "0"])?.parameters == ["log": "a"])
    #expect(pattern.match(["logs", "a", "tile"]) == nil)
    #expect(pattern.match(["logs", "a", "tiles", "0"]) == nil)
    #expect(RoutePattern("/a").match(["a", ""]) == nil)
  }

  @Test(
    "a date is written as HTTP wants it",
    arguments: [
      (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
      (1_795_305_600, "Sun, 22 Nov 2026 00:00:00 GMT"),
    ] as [(Int64, String)])
  func dates(_ seconds: Int64, _ text: String) throws {
    let moment = try #require(Timestamp(seconds: seconds, nanos: 5))
    #expect(HTTPDate(moment).description == text)
  }
}
