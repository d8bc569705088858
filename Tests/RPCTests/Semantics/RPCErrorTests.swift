internal import RPC
internal import Testing

@Suite("Errors of calls")
struct RPCErrorTests {
  @Test("details are found by what they say")
  func details() {
    let violation = FieldViolation(field: "tenant", description: "is missing")
    let error = RPCError(
      .failedPrecondition, "the request has ended",
      details: [
        .badRequest([violation]),
        .errorInfo(reason: "REQUEST_EXPIRED", domain: "lockbox", metadata: [:]),
        .retryInfo(.seconds(3)),
      ])
    #expect(error.reason == "REQUEST_EXPIRED")
    #expect(error.fieldViolations == [violation])
    #expect(error.retryDelay == .seconds(3))
    #expect(error.description == "FAILED_PRECONDITION: the request has ended")
  }

  @Test("an error without details says so")
  func plain() {
    let error = RPCError(.unavailable, "")
    #expect(error.reason == nil && error.retryDelay == nil && error.fieldViolations.isEmpty)
    #expect(error.description == "UNAVAILABLE")
  }
}
