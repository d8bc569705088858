internal import LockboxProto
internal import ProtobufC
internal import StandardProto
internal import TestProto
internal import Testing

@Suite("JSON")
struct JSONTests {
  static let table: [(any Message, String)] = [
    (TestingV1.Singular(), "{}"),
    (TestingV1.Singular(boolValue: true, int32Value: -1), #"{"boolValue":true,"int32Value":-1}"#),
    (
      TestingV1.Singular(int64Value: .min, uint64Value: .max),
      #"{"int64Value":"-9223372036854775808","uint64Value":"18446744073709551615"}"#
    ),
    (
      TestingV1.Singular(floatValue: 1.5, doubleValue: -.infinity),
      #"{"floatValue":1.5,"doubleValue":"-Infinity"}"#
    ),
    (TestingV1.Singular(doubleValue: .nan), #"{"doubleValue":"NaN"}"#),
    (
      TestingV1.Singular(stringValue: "\"\\/\n\u{1}\u{9B}ü"),
      #"{"stringValue":"\"\\/\n\u0001\u009bü"}"#
    ),
    (TestingV1.Singular(bytesValue: [0, 255]), #"{"bytesValue":"AP8="}"#),
    (TestingV1.Singular(colour: .ultraViolet), #"{"colour":"COLOUR_ULTRA_VIOLET"}"#),
    (TestingV1.Singular(colour: .unrecognized(42)), #"{"colour":42}"#),
    (TestingV1.Singular(branch: TestingV1.Branch()), #"{"branch":{}}"#),
    (TestingV1.Singular(default: "d", homepageURL: "u"), #"{"default":"d","homepageUrl":"u"}"#),
    (TestingV1.Choice(value: .number(0)), #"{"number":"0"}"#),
    (TestingV1.Choice(value: .flag(false)), #"{"flag":false}"#),
    (
      Samples.maps,
      #"{"strings":{"a":"1","b":""},"leaves":{"-1":{"name":"x"},"2":{}},"#
        + #""colours":{"3":"COLOUR_ULTRA_VIOLET"},"blobs":{"false":"eg==","true":""}}"#
    ),
    (
      Samples.repeated,
      #"{"bools":[true,false],"int32s":[0,-1,300],"sint64s":["-1","1"],"fixed32s":[1,2],"#
        + #""doubles":[0.5],"strings":["a","","c"],"blobs":["","eA=="],"#
        + #""colours":["COLOUR_RED","COLOUR_UNSPECIFIED","COLOUR_INFRA_RED"],"#
        + #""branches":[{"leaf":{"number":7}},{}],"unpacked":[1,2]}"#
    ),
    (
      GoogleProtobuf.AnyMessage(typeURL: "t/x", value: [1]), #"{"@type":"t/x","value":"AQ=="}"#
    ),
  ]

  @Test("follows the canonical mapping of proto3", arguments: table.indices)
  func mapping(_ index: Int) throws {
    let (message, json) = Self.table[index]
    #expect(try ProtobufJSON.encode(message) == json)
  }

  @Test(
    "times are RFC 3339",
    arguments: [
      (0, 0, "1970-01-01T00:00:00Z"),
      (1_700_000_000, 5, "2023-11-14T22:13:20.000000005Z"),
      (1_709_164_800, 120_000_000, "2024-02-29T00:00:00.120Z"),
      (-1, 999_999_000, "1969-12-31T23:59:59.999999Z"),
      (951_782_400, 0, "2000-02-29T00:00:00Z"),
      (-62_135_596_800, 0, "0001-01-01T00:00:00Z"),
      (253_402_300_799, 999_999_999, "9999-12-31T23:59:59.999999999Z"),
    ])
  func timestamps(_ seconds: Int64, _ nanos: Int32, _ text: String) throws {
    let time = GoogleProtobuf.Timestamp(seconds: seconds, nanos: nanos)
    #expect(try ProtobufJSON.encode(time) == "\"\(text)\"")
  }

  @Test(
    "durations are seconds",
    arguments: [
      (3600, 0, "3600s"), (0, 0, "0s"), (1, 500_000_000, "1.500s"), (0, -1000, "-0.000001s"),
      (-1, -1, "-1.000000001s"),
    ])
  func durations(_ seconds: Int64, _ nanos: Int32, _ text: String) throws {
    let duration = GoogleProtobuf.Duration(seconds: seconds, nanos: nanos)
    #expect(try ProtobufJSON.encode(duration) == "\"\(text)\"")
  }

  @Test("what is no time is refused")
  func outOfRange() {
    let timestamp = EncodingError.timeOutOfRange(type: "google.protobuf.Timestamp")
    let duration = EncodingError.timeOutOfRange(type: "google.protobuf.Duration")
    #expect(throws: timestamp) {
      try ProtobufJSON.encode(GoogleProtobuf.Timestamp(seconds: 253_402_300_800))
    }
    #expect(throws: timestamp) { try ProtobufJSON.encode(GoogleProtobuf.Timestamp(nanos: -1)) }
    #expect(throws: duration) {
      try ProtobufJSON.encode(GoogleProtobuf.Duration(seconds: 1, nanos: -1))
    }
    #expect(throws: duration) { try ProtobufJSON.encode(GoogleProtobuf.Duration(seconds: .min)) }
  }

  @Test("pretty text is indented by two spaces")
  func pretty() throws {
    let text = try ProtobufJSON.encode(
      CommonV1.Scope(resources: ["a"], actions: [.read, .write]), pretty: true)
    #expect(
      text == """
        {
          "resources": [
            "a"
          ],
          "actions": [
            "ACTION_READ",
            "ACTION_WRITE"
          ]
        }
        """)
    #expect(try ProtobufJSON.encode(CommonV1.Scope(), pretty: true) == "{}")
  }
}
