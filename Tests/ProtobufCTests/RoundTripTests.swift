internal import LockboxProto
internal import ProtobufC
internal import StandardProto
internal import TestProto
internal import Testing

@Suite("Round trips")
struct RoundTripTests {
  @Test(
    "a message comes back as it was",
    arguments: [
      Samples.submit, Samples.opened, Samples.errorInfo, Samples.singular, Samples.repeated,
      Samples.maps, Samples.choice, TestingV1.Singular(), TestingV1.Maps(),
      TestingV1.Choice(value: .text("")), TestingV1.Choice(value: .blob([])),
      TestingV1.Choice(value: .flag(false)), TestingV1.Choice(value: .colour(.unspecified)),
      TestingV1.Choice(value: .branch(TestingV1.Branch()), other: .left("l")),
    ] as [any Message])
  func roundTrip(_ message: any Message) throws {
    try check(message)
  }

  private func check<M: Message>(_ message: M) throws {
    let bytes = try message.serialized()
    #expect(try M(serialized: bytes) == message)
    #expect(try M(serialized: bytes).serialized() == bytes)
  }

  @Test("a message larger than the arena's first blocks comes back as it was")
  func large() throws {
    let message = TestingV1.Repeated(
      strings: (0..<900).map { String(repeating: "x", count: $0) },
      branches: (0..<900).map { TestingV1.Branch(leaf: TestingV1.Leaf(number: $0)) })
    #expect(try TestingV1.Repeated(serialized: try message.serialized()) == message)
  }

  @Test("an enum number of a newer version is kept and written back")
  func unknownEnumNumber() throws {
    let bytes = Wire.field(3, varint: 99)
    let grant = try IntakeV1.AccessRequestStatus(serialized: bytes)
    #expect(grant.state == .unrecognized(99))
    #expect(try grant.serialized() == bytes)
  }

  @Test("fields of a newer version are ignored, whatever their wire type")
  func unknownFields() throws {
    let known = try Samples.submit.serialized()
    let newer =
      Wire.field(100, varint: .max) + Wire.field(101, "text") + known
      + [0xE5, 0x06, 1, 2, 3, 4] + [0xE9, 0x06, 1, 2, 3, 4, 5, 6, 7, 8]
    #expect(try IntakeV1.SubmitAccessRequestRequest(serialized: newer) == Samples.submit)
  }

  @Test("numbers of a packable field may come packed, unpacked, and both")
  func packedAndUnpacked() throws {
    let mixed =
      Wire.field(2, varint: 1) + Wire.field(2, [2, 3]) + Wire.field(10, [4, 5])
      + Wire.field(10, varint: 6)
    let message = try TestingV1.Repeated(serialized: mixed)
    #expect(message.int32s == [1, 2, 3])
    #expect(message.unpacked == [4, 5, 6])
  }

  @Test("a map entry without key or value has the defaults, and the last of a key counts")
  func mapEntries() throws {
    let entries = Wire.field(1, []) + Wire.field(2, Wire.field(1, varint: 5))
    let maps = try TestingV1.Maps(serialized: entries)
    #expect(maps == TestingV1.Maps(strings: ["": ""], leaves: [5: TestingV1.Leaf()]))
    let twice =
      Wire.field(1, Wire.field(1, "k") + Wire.field(2, "old"))
      + Wire.field(1, Wire.field(1, "k") + Wire.field(2, "new"))
    #expect(try TestingV1.Maps(serialized: twice).strings == ["k": "new"])
  }

  @Test("bytes are appended to what a buffer holds")
  func append() throws {
    var buffer: [UInt8] = [0xAA]
    try Samples.choice.serialize(into: &buffer)
    #expect(buffer == [0xAA] + hex("0a01623a020a004a00"))
  }

  @Test("a string with a NUL is refused at encoding, by its field's name, however deep")
  func embeddedNUL() {
    let leaf = TestingV1.Leaf(name: "ali\0ce")
    let message = TestingV1.Singular(branch: TestingV1.Branch(leaves: [TestingV1.Leaf(), leaf]))
    #expect(throws: EncodingError.embeddedNUL(field: "testing.v1.Leaf.name")) {
      try message.serialized()
    }
    #expect(throws: EncodingError.embeddedNUL(field: "testing.v1.Maps.strings")) {
      try ProtobufJSON.encode(TestingV1.Maps(strings: ["a\0": ""]))
    }
  }
}
