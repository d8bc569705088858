internal import LockboxProto
internal import ProtobufC
internal import StandardProto
internal import TestProto
internal import Testing

struct BadInput: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let decode: @Sendable ([UInt8]) throws(DecodingError) -> Void
  let bytes: [UInt8]
  let path: String
  let reason: DecodingError.Reason

  init<M: Message>(
    _ description: String, _ type: M.Type, _ bytes: [UInt8], _ path: String,
    _ reason: DecodingError.Reason, _ limits: DecodingLimits = .request
  ) {
    testDescription = description
    decode = { bytes throws(DecodingError) in _ = try M(serialized: bytes, limits: limits) }
    self.bytes = bytes
    self.path = path
    self.reason = reason
  }
}

@Suite("The guard")
struct GuardTests {
  typealias Submit = IntakeV1.SubmitAccessRequestRequest
  typealias Singular = TestingV1.Singular
  typealias Repeated = TestingV1.Repeated
  typealias Choice = TestingV1.Choice

  @Test("refuses what protobuf-c would misread, and names the field", arguments: table)
  func refuses(_ input: BadInput) {
    #expect(throws: DecodingError(path: input.path, reason: input.reason)) {
      try input.decode(input.bytes)
    }
  }

  static let table = strings + numbers + structure + repeats + enums + packed + limits

  static let strings = [
    BadInput("NUL", Submit.self, Wire.field(2, "con\0toso"), "tenant_id", .embeddedNUL),
    BadInput("NUL only", Submit.self, Wire.field(2, "\0"), "tenant_id", .embeddedNUL),
    BadInput(
      "NUL after eight characters", Submit.self, Wire.field(5, "12345678901234\0"),
      "justification", .embeddedNUL),
    BadInput(
      "NUL in an element", Submit.self,
      Wire.field(7, ["a", "b", "c", "d\0"].flatMap { Wire.field(1, $0) }),
      "scope.resources[3]", .embeddedNUL),
    BadInput(
      "NUL in a map's key", TestingV1.Maps.self,
      Wire.field(1, []) + Wire.field(1, Wire.field(1, "\0")), "strings[1].key", .embeddedNUL),
    BadInput(
      "NUL in a oneof", Choice.self, Wire.field(2, "\0"), "text", .embeddedNUL),
    BadInput("stray byte", Submit.self, Wire.field(1, [0x80]), "idempotency_key", .invalidUTF8),
    BadInput(
      "overlong", Submit.self, Wire.field(1, [0xC0, 0xAF]), "idempotency_key", .invalidUTF8),
    BadInput(
      "overlong NUL", Submit.self, Wire.field(1, [0xC0, 0x80]), "idempotency_key", .invalidUTF8),
    BadInput(
      "surrogate", Submit.self, Wire.field(1, [0xED, 0xA0, 0x80]), "idempotency_key", .invalidUTF8),
    BadInput(
      "above U+10FFFF", Submit.self, Wire.field(1, [0xF4, 0x90, 0x80, 0x80]), "idempotency_key",
      .invalidUTF8),
    BadInput(
      "cut sequence", Submit.self, Wire.field(1, [0x61, 0xE2, 0x82]), "idempotency_key",
      .invalidUTF8),
    BadInput("0xFF", Submit.self, Wire.field(1, [0xFF]), "idempotency_key", .invalidUTF8),
  ]

  static let numbers = [
    BadInput("cut tag", Submit.self, [0x80], "", .truncated),
    BadInput("tag of six bytes", Submit.self, hex("888080808000 01"), "", .overlongVarint),
    BadInput("tag of 33 bits", Submit.self, hex("808080801001"), "", .overlongVarint),
    BadInput("cut varint", Submit.self, [0x20, 0x80], "reason_code", .truncated),
    BadInput("missing varint", Submit.self, [0x20], "reason_code", .truncated),
    BadInput(
      "varint of eleven bytes", Submit.self, [0x20] + Array(repeating: 0x80, count: 10) + [0],
      "reason_code", .overlongVarint),
    BadInput(
      "varint of 65 bits", Submit.self, [0x20] + Array(repeating: 0xFF, count: 9) + [2],
      "reason_code", .overlongVarint),
    BadInput("cut fixed32", Singular.self, [0x25, 1, 2, 3], "sfixed32_value", .truncated),
    BadInput("cut fixed64", Singular.self, [0x49, 1, 2, 3], "sfixed64_value", .truncated),
    BadInput("cut unknown varint", Submit.self, hex("a00680"), "", .truncated),
  ]

  static let structure = [
    BadInput("field number 0", Submit.self, [0x00, 0x01], "", .invalidFieldNumber),
    BadInput("field number 0 of a string", Submit.self, [0x02, 0x00], "", .invalidFieldNumber),
    BadInput("group", Submit.self, [0x0B, 0x0C], "", .group),
    BadInput("group of an unknown field", Submit.self, hex("a306a406"), "", .group),
    BadInput("wire type 6", Submit.self, [0x0E], "", .wrongWireType),
    BadInput("wire type 7", Submit.self, [0x0F], "", .wrongWireType),
    BadInput(
      "number for a string", Submit.self, Wire.field(1, varint: 1), "idempotency_key",
      .wrongWireType),
    BadInput("string for a number", Submit.self, Wire.field(4, "1"), "reason_code", .wrongWireType),
    BadInput(
      "number for a message", Submit.self, Wire.field(7, varint: 1), "scope", .wrongWireType),
    BadInput(
      "number for a repeated string", Submit.self, Wire.field(7, Wire.field(1, varint: 1)),
      "scope.resources[0]", .wrongWireType),
    BadInput(
      "length beyond the end", Submit.self, [0x0A, 0x02, 0x61], "idempotency_key", .truncated),
    BadInput(
      "length of 4 GiB", Submit.self, hex("0affffffff0f61"), "idempotency_key", .truncated),
    BadInput(
      "length of six bytes", Submit.self, hex("0a818080808000 61"), "idempotency_key",
      .overlongVarint),
    BadInput(
      "length beyond the message around it", Submit.self, hex("3a030a0561 62636465"),
      "scope.resources[0]", .truncated),
  ]

  static let repeats = [
    BadInput(
      "string twice", Submit.self, Wire.field(2, "a") + Wire.field(2, "b"), "tenant_id",
      .repeatedSingularField),
    BadInput(
      "the same string twice", Submit.self, Wire.field(2, "") + Wire.field(2, ""), "tenant_id",
      .repeatedSingularField),
    BadInput(
      "number twice", Submit.self, Wire.field(4, varint: 1) + Wire.field(4, varint: 1),
      "reason_code", .repeatedSingularField),
    BadInput(
      "message twice, to be merged", Submit.self,
      Wire.field(7, Wire.field(1, "a")) + Wire.field(7, Wire.field(1, "b")), "scope",
      .repeatedSingularField),
    BadInput(
      "two members of a oneof", Choice.self, Wire.field(2, "a") + Wire.field(5, varint: 1),
      "number", .repeatedSingularField),
    BadInput(
      "one member of a oneof twice", Choice.self, Wire.field(9, "a") + Wire.field(9, "a"),
      "right", .repeatedSingularField),
    BadInput(
      "in an element", Singular.self,
      Wire.field(
        17, Wire.field(2, []) + Wire.field(2, Wire.field(2, varint: 1) + Wire.field(2, varint: 2))),
      "branch.leaves[1].number", .repeatedSingularField),
    BadInput(
      "key of a map's entry twice", TestingV1.Maps.self,
      Wire.field(1, Wire.field(1, "a") + Wire.field(1, "b")), "strings[0].key",
      .repeatedSingularField),
  ]

  static let enums = [
    BadInput(
      "enum value in a request", Submit.self, Wire.field(4, varint: 6), "reason_code",
      .unknownEnumValue(6)),
    BadInput(
      "negative enum value", Submit.self, Wire.field(4, varint: .max), "reason_code",
      .unknownEnumValue(-1)),
    BadInput(
      "between known values", Singular.self, Wire.field(16, varint: 2), "colour",
      .unknownEnumValue(2)),
    BadInput(
      "packed enum value", Submit.self, Wire.field(7, Wire.field(2, [1, 2, 77])),
      "scope.actions[2]", .unknownEnumValue(77)),
    BadInput(
      "unpacked enum value after packed ones", Submit.self,
      Wire.field(7, Wire.field(2, [1, 2]) + Wire.field(2, varint: 9)), "scope.actions[2]",
      .unknownEnumValue(9)),
    BadInput(
      "enum value in a map", TestingV1.Maps.self, Wire.field(3, Wire.field(2, varint: 2)),
      "colours[0].value", .unknownEnumValue(2)),
  ]

  static let packed = [
    BadInput("cut element", Repeated.self, Wire.field(2, [1, 0x80]), "int32s[1]", .truncated),
    BadInput(
      "fixed32 elements of 5 bytes", Repeated.self, Wire.field(4, [1, 2, 3, 4, 5]), "fixed32s[0]",
      .malformedPackedField),
    BadInput(
      "double elements of 7 bytes after one", Repeated.self,
      Wire.field(5, Array(repeating: 0, count: 8)) + Wire.field(5, Array(repeating: 0, count: 7)),
      "doubles[1]", .malformedPackedField),
    BadInput(
      "overlong element", Repeated.self, Wire.field(3, [1] + Array(repeating: 0xFF, count: 10)),
      "sint64s[1]", .overlongVarint),
    BadInput(
      "packed into a singular field", Singular.self, Wire.field(2, [1]), "int32_value",
      .wrongWireType),
  ]

  static let limits = [
    BadInput(
      "one field too many", Repeated.self,
      Array((0..<4097).map { _ in Wire.field(2, varint: 1) }.joined()), "", .tooManyFields),
    BadInput(
      "unknown fields count", Repeated.self,
      Array((0..<4097).map { _ in Wire.field(99, varint: 1) }.joined()), "", .tooManyFields),
    BadInput(
      "fields of all levels count", Repeated.self,
      Wire.field(10, varint: 1)
        + Array((0..<2048).map { _ in Wire.field(9, Wire.field(1, [])) }.joined()),
      "branches[2047]",
      .tooManyFields),
    BadInput(
      "a level too deep", Singular.self, Wire.field(17, Wire.field(2, [])), "branch.leaves[0]",
      .tooDeep, DecodingLimits(maximumDepth: 2)),
    BadInput(
      "memory", Repeated.self, Array((0..<1000).map { _ in Wire.field(6, "xxx") }.joined()), "",
      .memoryBudgetExceeded, DecodingLimits(memoryBudget: 10_000)),
    BadInput(
      "no memory at all", Repeated.self, [], "", .memoryBudgetExceeded,
      DecodingLimits(memoryBudget: 0)),
  ]

  @Test("lets pass what is at a limit")
  func atTheLimit() throws {
    let fields = (0..<4096).map { _ in Wire.field(2, varint: 1) }.joined()
    #expect(try Repeated(serialized: Array(fields)).int32s.count == 4096)
    var deep = Wire.field(1, Wire.field(1, "leaf"))
    for _ in 1...14 { deep = Wire.field(1, deep) }
    #expect(try TestingV1.D1(serialized: deep).serialized() == deep)
  }

  @Test("lets pass every form that the encoding allows")
  func lenient() throws {
    // Padded varints; 32-bit numbers as 64-bit ones; known enum values of every range.
    #expect(try Singular(serialized: hex("10 8180 00")).int32Value == 1)
    #expect(try Singular(serialized: hex("10 ffffffff0f")).int32Value == -1)
    #expect(try Singular(serialized: hex("08 8002")).boolValue)
    for colour in TestingV1.Colour.allKnown {
      let bytes = try Singular(colour: colour).serialized()
      #expect(try Singular(serialized: bytes, limits: .request).colour == colour)
    }
  }

  @Test("lets pass strings of every length of UTF-8 sequence at every offset")
  func validUTF8() throws {
    for offset in 0..<17 {
      for text in ["\u{1}", "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{FFFF}", "\u{10FFFF}"] {
        let name = String(repeating: "a", count: offset) + text + "bcdefghij"
        let leaf = TestingV1.Leaf(name: name)
        #expect(try TestingV1.Leaf(serialized: try leaf.serialized()) == leaf)
      }
    }
  }
}
