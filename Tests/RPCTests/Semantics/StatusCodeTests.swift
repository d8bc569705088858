internal import RPC
internal import Testing

@Suite("Status codes")
struct StatusCodeTests {
  @Test("each code has the number and the name of the specification")
  func numbers() {
    let names = [
      "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND",
      "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED",
      "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ]
    #expect(StatusCode.allCases.map(\.name) == names)
    #expect(StatusCode.allCases.map { Int($0.rawValue) } == Array(0...16))
  }

  @Test(
    "grpc-status is read as decimal digits",
    arguments: [
      ("0", .ok), ("5", .notFound), ("16", .unauthenticated), ("17", .unknown), ("9999", .unknown),
      ("", nil), ("-1", nil), ("1a", nil), (" 1", nil), ("00000", nil), ("OK", nil),
    ] as [(String, StatusCode?)])
  func wire(text: String, code: StatusCode?) {
    #expect(StatusCode(wire: text.utf8) == code)
  }

  @Test(
    "an HTTP status stands in for a missing grpc-status",
    arguments: [
      (400, .internal), (401, .unauthenticated), (403, .permissionDenied), (404, .unimplemented),
      (429, .unavailable), (431, .internal), (502, .unavailable), (503, .unavailable),
      (504, .unavailable),
      (200, .unknown), (302, .unknown), (418, .unknown), (500, .unknown), (501, .unknown),
    ] as [(Int, StatusCode)])
  func http(status: Int, code: StatusCode) {
    #expect(StatusCode(httpStatus: status) == code)
  }

  @Test(
    "an HTTP/2 error code has a meaning for the calls it ends",
    arguments: [
      (0x0, .internal), (0x1, .internal), (0x2, .internal), (0x3, .internal), (0x4, .internal),
      (0x5, .unknown), (0x6, .internal), (0x7, .unavailable), (0x8, .cancelled), (0x9, .internal),
      (0xa, .internal), (0xb, .resourceExhausted), (0xc, .permissionDenied), (0xd, .unknown),
      (0xffff, .unknown),
    ] as [(UInt32, StatusCode)])
  func http2(error: UInt32, code: StatusCode) {
    #expect(StatusCode(http2Error: error) == code)
  }
}
