internal import LockboxProto
internal import ProtobufC
internal import StandardProto
internal import TestProto
internal import Testing

/// The bytes are what `protoc --encode` makes of the same messages in text format.
@Suite("Bytes of protoc")
struct GoldenBytesTests {
  @Test("singular fields of every kind")
  func singular() throws {
    try check(
      Samples.singular,
      """
      080110ffffffffffffffffff01180325fdffffff28ffffffff0f35050000003880808080808080808001400d49
      f8ffffffffffffff50ffffffffffffffffff01590a00000000000000650000c03f6900000000000002c0720c47
      72c3bcc39f6520f09f98807a0200ff8001fdffffffffffffffff018a010e0a050a016c1001120012030a016d92
      01080880e2cfaa0610059a011608ffffffffffffffffff011080b6ca91feffffffff01a201280a23747970652e
      676f6f676c65617069732e636f6d2f74657374696e672e76312e4c656166120108aa010164b2010169c23e0175
      """)
  }

  @Test("repeated fields, packed and not")
  func repeated() throws {
    try check(
      Samples.repeated,
      """
      0a020100120d00ffffffffffffffffff01ac021a020102220801000000020000002a08000000000000e03f3201
      6132003201633a003a0178420c0100fdffffffffffffffff014a040a0210074a0050015002
      """)
  }

  @Test("members of oneofs, also at their defaults")
  func oneofs() throws {
    try check(Samples.choice, "0a01623a020a004a00")
    try check(TestingV1.Choice(value: .number(0)), "2800")
  }

  @Test("maps in the order of their keys")
  func maps() throws {
    // protoc writes -1 after 2 in no promised order: here the order is that of the numbers.
    let bytes = hex(
      """
      0a060a01611201310a050a01621200121008ffffffffffffffffff0112030a0178120408021200
      1a04080310072205080012017a220408011200
      """)
    #expect(try TestingV1.Maps(serialized: bytes) == Samples.maps)
    // protobuf-c leaves out what is empty in an entry; protoc writes it. Both mean the same.
    let written = try Samples.maps.serialized()
    #expect(try TestingV1.Maps(serialized: written) == Samples.maps)
    #expect(written.count <= bytes.count)
    #expect(
      hex(try TestingV1.Maps(strings: ["b": "2", "c": "3", "a": "1"]).serialized())
        == "0a060a01611201310a060a01621201320a060a0163120133")
  }

  @Test("a message of the API")
  func api() throws {
    try check(
      IntakeV1.SubmitAccessRequestRequest(
        idempotencyKey: "k", tenantID: "contoso", reasonCode: .securityReview,
        scope: CommonV1.Scope(resources: ["r"], actions: [.read, .export]),
        duration: GoogleProtobuf.Duration(seconds: 3600)),
      "0a016b1207636f6e746f736f20033a070a017212020104420308901c")
  }

  private func check<M: Message>(_ message: M, _ golden: String) throws {
    #expect(hex(try message.serialized()) == hex(hex(golden)))
    #expect(try M(serialized: hex(golden)) == message)
  }
}
