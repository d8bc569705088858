internal import Testing

@testable internal import RPC

@Suite("The fields of an answer")
struct ResponseFieldsTests {
  @Test(
    "any :status is read, and one that is no number is no HTTP status",
    arguments: [
      ("503", StatusCode.unavailable), ("404", .unimplemented), ("", .unknown), ("2x0", .unknown),
      ("99999999999999999999999999", .unknown), ("\u{ff}00", .unknown),
    ])
  func status(text: String, code: StatusCode) {
    var fields = ResponseFields()
    let (name, value) = (Array(":status".utf8), Array(text.utf8))
    name.withUnsafeBufferPointer { name in
      value.withUnsafeBufferPointer { fields.add(name, $0) }
    }
    #expect(fields.outcome?.code == code)
  }
}
