internal import LockboxProto
internal import ProtobufC
internal import StandardProto
internal import Testing

@Suite("Round trips")
struct RoundTripTests {
  @Test("a message comes back as it was")
  func roundTrip() throws {
    try check(Samples.submit)
    try check(Samples.opened)
    try check(Samples.errorInfo)
    try check(IntakeV1.SubmitAccessRequestRequest())
  }

  private func check<M: Message>(_ message: M) throws {
    let bytes = try message.serialized()
    #expect(try M(serialized: bytes) == message)
    #expect(try M(serialized: bytes).serialized() == bytes)
  }
}
