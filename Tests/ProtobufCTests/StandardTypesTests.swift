internal import LockboxProto
internal import ProtobufC
internal import StandardProto
internal import TestProto
internal import Testing

@Suite("Standard types")
struct StandardTypesTests {
  @Test(
    "a timestamp is nanoseconds since 1970, there and back",
    arguments: [
      0, 1, -1, 1_700_000_000_123_456_789, -1_000_000_000, -999_999_999, Int64.max, Int64.min,
    ])
  func timestamps(_ nanoseconds: Int64) {
    let time = GoogleProtobuf.Timestamp(nanosecondsSinceEpoch: nanoseconds)
    #expect((0..<1_000_000_000).contains(time.nanos))
    #expect(time.nanosecondsSinceEpoch == nanoseconds)
  }

  @Test("a timestamp out of range has no nanoseconds")
  func badTimestamps() {
    #expect(GoogleProtobuf.Timestamp(seconds: 1 << 40).nanosecondsSinceEpoch == nil)
    #expect(GoogleProtobuf.Timestamp(nanos: -1).nanosecondsSinceEpoch == nil)
    #expect(GoogleProtobuf.Timestamp(nanos: 1_000_000_000).nanosecondsSinceEpoch == nil)
  }

  @Test(
    "a duration is Swift's, there and back",
    arguments: [
      .zero, .seconds(3600), .milliseconds(-1500), .nanoseconds(1), .nanoseconds(-1),
    ] as [Swift.Duration])
  func durations(_ duration: Swift.Duration) {
    #expect(GoogleProtobuf.Duration(duration).swiftDuration == duration)
  }

  @Test("an invalid duration is none")
  func badDurations() {
    #expect(GoogleProtobuf.Duration(seconds: .max).swiftDuration == nil)
    #expect(GoogleProtobuf.Duration(seconds: 1, nanos: -1).swiftDuration == nil)
    #expect(GoogleProtobuf.Duration(nanos: 1_000_000_000).swiftDuration == nil)
  }

  @Test("Any gives its message back for the right type only")
  func any() throws {
    let any = try GoogleProtobuf.AnyMessage(packing: Samples.errorInfo)
    #expect(any.typeURL == "type.googleapis.com/google.rpc.ErrorInfo")
    #expect(try any.unpacked(as: GoogleRpc.ErrorInfo.self) == Samples.errorInfo)
    #expect(try any.unpacked(as: GoogleRpc.BadRequest.self) == nil)
    let broken = GoogleProtobuf.AnyMessage(typeURL: any.typeURL, value: [0])
    #expect(throws: DecodingError(reason: .invalidFieldNumber)) {
      try broken.unpacked(as: GoogleRpc.ErrorInfo.self)
    }
  }

  @Test(
    "base64 is that of RFC 4648 §10",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
  func base64(_ text: String, _ encoded: String) {
    #expect(Base64.encode(Array(text.utf8)) == encoded)
    #expect(Base64.decode(encoded) == Array(text.utf8))
  }

  @Test(
    "what no encoder writes is no base64",
    arguments: ["Zg", "Zg=", "Zh==", "Z===", "Zm9v=", "Z-8="])
  func badBase64(_ text: String) {
    #expect(Base64.decode(text) == nil)
  }
}
