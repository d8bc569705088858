internal import LockboxProto
internal import ProtobufC
internal import StandardProto
internal import TestProto
internal import Testing

@Suite("Trees")
struct TreeTests {
  static let people = TreeFormat(
    writesProtoNames: true, hasShortEnumNames: true, writesFalse: true,
    readDuration: { $0 == "an hour" ? (3600, 0) : nil },
    writeDuration: { $0 == (3600, 0) ? "an hour" : nil })

  static let messages: [any Message] = [
    TestingV1.Singular(), Samples.singular, Samples.repeated, Samples.maps, Samples.choice,
    Samples.submit, Samples.opened, Samples.errorInfo,
    TestingV1.Singular(doubleValue: .infinity, colour: .unrecognized(42)),
    TestingV1.Choice(value: .number(0)), TestingV1.Choice(value: .flag(false)),
    CommonV1.Terms(
      scope: .init(resources: ["a"], actions: [.read]), duration: .init(seconds: 3600),
      startTime: .init(seconds: -62_135_596_800, nanos: 999_999_999)),
  ]

  @Test("every message comes back from its tree", arguments: messages.indices, [true, false])
  func roundTrip(index: Int, isJSON: Bool) throws {
    func check<M: Message>(_ message: M) throws {
      let format = isJSON ? TreeFormat.json : Self.people
      let reading = M.read(try message.tree(format), format)
      #expect(reading.problems.isEmpty)
      #expect(reading.message == message)
    }
    try check(Self.messages[index])
  }

  @Test("names are read as in the proto and as in JSON; people's enums are short")
  func names() {
    for (field, value) in [
      ("reason_code", "security_review"), ("reasonCode", "security-review"),
      ("reasonCode", "REASON_CODE_SECURITY_REVIEW"),
    ] {
      let tree = ValueTree(.mapping([.init(field, Self.text(value))]))
      #expect(
        CommonV1.AccessRequest.read(tree, Self.people).message
          == CommonV1.AccessRequest(reasonCode: .securityReview))
    }
    let short = ValueTree(.mapping([.init("reasonCode", Self.text("security_review"))]))
    #expect(CommonV1.AccessRequest.read(short, .json).message == nil)
  }

  private static func text(_ text: String) -> ValueTree { ValueTree(.scalar(text, isText: true)) }
  private static func plain(_ text: String) -> ValueTree {
    ValueTree(.scalar(text, isText: false))
  }

  struct Wrong: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let value: ValueTree
    let reason: TreeProblem.Reason
  }

  static let wrong: [Wrong] = [
    Wrong(
      testDescription: "bool_value", value: text("true"),
      reason: .malformed(.boolean, found: "true")),
    Wrong(
      testDescription: "int32_value", value: plain("2147483648"),
      reason: .malformed(
        .integer(Int64(Int32.min)...Int64(Int32.max)), found: "2147483648")),
    Wrong(
      testDescription: "uint32_value", value: plain("-1"),
      reason: .malformed(.unsigned(0...UInt64(UInt32.max)), found: "-1")),
    Wrong(
      testDescription: "double_value", value: plain("much"),
      reason: .malformed(.number, found: "much")),
    Wrong(
      testDescription: "bytes_value", value: text("a"),
      reason: .malformed(.base64, found: "a")),
    Wrong(
      testDescription: "time", value: text("2023-02-29T00:00:00Z"),
      reason: .malformed(.timestamp, found: "2023-02-29T00:00:00Z")),
    Wrong(
      testDescription: "duration", value: text("1h"),
      reason: .malformed(.duration, found: "1h")),
    Wrong(
      testDescription: "colour", value: text("green"),
      reason: .unknownEnumValue(known: ["infra_red", "red", "ultra_violet"], found: "green")),
    Wrong(testDescription: "branch", value: text("x"), reason: .noMapping),
    Wrong(testDescription: "string_value", value: ValueTree(.list([])), reason: .noScalar),
    Wrong(testDescription: "string_value", value: ValueTree(.null), reason: .empty),
    Wrong(
      testDescription: "string_value", value: text("a\u{0}"), reason: .undecodable(.embeddedNUL)),
  ]

  @Test("a value that cannot stand in its field is told by path and place", arguments: wrong)
  func values(_ wrong: Wrong) {
    let place = ValueTree.Place(line: 3, column: 7)
    let tree = ValueTree(
      .mapping([.init(wrong.testDescription, ValueTree(wrong.value.content, at: place))]))
    let reading = TestingV1.Singular.read(tree, Self.people)
    #expect(reading.message == nil)
    #expect(
      reading.problems == [
        TreeProblem(path: wrong.testDescription, place: place, reason: wrong.reason)
      ])
  }

  @Test("all problems are told at once")
  func atOnce() {
    let tree = ValueTree(
      .mapping([
        .init("naem", Self.text("x")), .init("homepage_url", Self.text("a")),
        .init("homepageUrl", Self.text("b")),
        .init(
          "branch",
          ValueTree(
            .mapping([
              .init("leaves", ValueTree(.list([ValueTree(.mapping([])), Self.text("no")]))),
              .init("leaf", ValueTree(.mapping([.init("number", Self.plain("x"))]))),
            ]))),
      ]))
    let problems = TestingV1.Singular.read(tree, Self.people).problems
    #expect(
      problems.map(\.path) == ["naem", "homepage_url", "branch.leaves[1]", "branch.leaf.number"])
    #expect(problems[1].reason == .repeatedField)
    guard case .unknownField(let known) = problems[0].reason else {
      Issue.record("\(problems[0])")
      return
    }
    #expect(known.contains("bool_value") && known.contains("homepage_url"))
  }

  @Test("of a oneof, one member may stand; of a map, each key once")
  func choices() {
    let both = ValueTree(
      .mapping([.init("number", Self.plain("1")), .init("flag", Self.plain("true"))]))
    #expect(
      TestingV1.Choice.read(both, .json).problems.map(\.reason) == [.alsoGiven("number")])
    let twice = ValueTree(
      .mapping([
        .init(
          "strings",
          ValueTree(.mapping([.init("a", Self.text("1")), .init("a", Self.text("2"))])))
      ]))
    #expect(TestingV1.Maps.read(twice, .json).problems.map(\.path) == ["strings.a"])
  }

  @Test("null is no value for people, and a default in JSON")
  func null() {
    let tree = ValueTree(.mapping([.init("stringValue", ValueTree(.null))]))
    #expect(TestingV1.Singular.read(tree, .json).message == TestingV1.Singular())
    #expect(TestingV1.Singular.read(tree, Self.people).problems.map(\.reason) == [.empty])
  }

  @Test(
    "times are read with their offset and up to nine digits of a second",
    arguments: [
      ("1970-01-01T00:00:00Z", 0, 0), ("2024-02-29T00:00:00.12Z", 1_709_164_800, 120_000_000),
      ("2024-02-29T01:30:00+01:30", 1_709_164_800, 0),
      ("1969-12-31T23:59:59.999999Z", -1, 999_999_000),
      ("0001-01-01T00:00:00Z", -62_135_596_800, 0),
      ("9999-12-31T23:59:59.999999999Z", 253_402_300_799, 999_999_999),
    ])
  func timestamps(_ text: String, _ seconds: Int64, _ nanos: Int32) {
    let reading = GoogleProtobuf.Timestamp.read(Self.text(text), .json)
    #expect(reading.message == GoogleProtobuf.Timestamp(seconds: seconds, nanos: nanos))
  }

  @Test(
    "what is no time and no duration is refused",
    arguments: [
      "", "2024-02-29", "2024-02-30T00:00:00Z", "2024-02-29T24:00:00Z", "2024-02-29T00:00:00",
      "2024-02-29T00:00:00.Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+00:01",
      "2024-02-29T00:00:00Zx", "5", "s", "1.s", "1.0000000001s", "999999999999s", "--1s", "+1s",
    ])
  func noTimes(_ text: String) {
    #expect(GoogleProtobuf.Timestamp.read(Self.text(text), .json).message == nil)
    #expect(GoogleProtobuf.Duration.read(Self.text(text), .json).message == nil)
  }
}
