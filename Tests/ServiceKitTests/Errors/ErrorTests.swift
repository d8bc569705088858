internal import Domain
internal import RPC
internal import ServiceKit
internal import Storage
internal import TestKit
internal import Testing

@Suite("What callers are told")
struct ErrorTests {
  let log = LogCapture()

  func map(_ error: any Error) -> RPCError {
    ErrorMapper(logger: log.logger()).map(error, path: "/x/Y")
  }

  static let refusals: [(Refusal, StatusCode, String?)] = [
    (.requestExpired, .failedPrecondition, "REQUEST_EXPIRED"),
    (.requestClosed, .failedPrecondition, "REQUEST_CLOSED"),
    (.digestMismatch, .failedPrecondition, "DIGEST_MISMATCH"),
    (.stageNotOpen, .failedPrecondition, "STAGE_NOT_OPEN"),
    (.termsTooWide, .failedPrecondition, "TERMS_TOO_WIDE"),
    (.startTooFar, .failedPrecondition, "START_TOO_FAR"),
    (.signatureRequired, .failedPrecondition, "SIGNATURE_REQUIRED"),
    (.keyRevoked, .failedPrecondition, "KEY_REVOKED"),
    (.ownKey, .permissionDenied, nil),
    (.nothingAsked, .failedPrecondition, "NOTHING_ASKED"),
    (.threadFull, .failedPrecondition, "THREAD_FULL"),
    (.grantNotLive, .failedPrecondition, "GRANT_NOT_LIVE"),
    (.grantNotStarted, .failedPrecondition, "GRANT_NOT_STARTED"),
    (.notDue, .failedPrecondition, "NOT_DUE"),
    (.nothingToReview, .failedPrecondition, "NOTHING_TO_REVIEW"),
    (.grantStillLive, .failedPrecondition, "GRANT_STILL_LIVE"),
    (.reviewClosed, .failedPrecondition, "REVIEW_CLOSED"),
    (.alreadyDecided, .alreadyExists, "ALREADY_DECIDED"),
    (.seatDecided, .alreadyExists, "SEAT_DECIDED"),
    (.ownRequest, .permissionDenied, nil),
    (.notEligible, .permissionDenied, nil),
    (.notRequester, .permissionDenied, nil),
  ]

  @Test("each refusal has its status and reason", arguments: refusals)
  func refusal(_ refusal: Refusal, _ code: StatusCode, _ reason: String?) {
    let error = map(refusal)
    #expect(error.code == code)
    #expect(error.reason == reason)
    #expect(RPCError.refused(refusal, state: .awaitingCustomer).code == code)
    for case .errorInfo(_, let domain, let metadata) in RPCError.refused(
      refusal, state: .awaitingCustomer
    ).details {
      #expect(domain == "lockbox")
      #expect(metadata["state"] == "AWAITING_CUSTOMER")
    }
  }

  @Test("the table holds every refusal")
  func complete() {
    #expect(Set(Self.refusals.map(\.0)) == Set(Refusal.allCases))
  }

  @Test("who may not learns the same whatever the reason")
  func denied() {
    #expect(map(Refusal.ownRequest) == map(Refusal.notEligible))
    #expect(map(Refusal.notRequester) == .denied)
  }

  @Test("all violations are told at once, by field path")
  func violations() {
    var violations = Violations()
    violations.add("scope.resources[3]", "is missing")
    violations.add("duration", "is too long")
    let error = #expect(throws: RPCError.self) { try violations.check() }
    #expect(error?.code == .invalidArgument)
    #expect(error?.fieldViolations.map(\.field) == ["scope.resources[3]", "duration"])
    #expect(error?.reason == "INVALID_FIELDS")
    #expect(error?.message == "scope.resources[3]: is missing (and 1 more)")
    #expect(throws: Never.self) { try Violations().check() }
  }

  @Test("what is retryable says when")
  func retry() {
    let error = RPCError.unavailable("x", reason: "AUDIT_UNAVAILABLE", retryAfter: .seconds(3))
    #expect(error.code == .unavailable && error.retryDelay == .seconds(3))
    #expect(RPCError.exhausted("x", reason: "Y").retryDelay == .seconds(1))
  }

  @Test("storage and unknown faults tell the log, not the caller")
  func faults() {
    let path = "/secret/place.db"
    let full = StorageError(.full, message: "disk full", while: "committing", path: path)
    #expect(map(full).code == .unavailable)
    #expect(map(full).retryDelay != nil)
    let misuse = StorageError(.misuse, message: "no table", while: "reading", path: path)
    struct Other: Error {}
    for error in [misuse, Other()] as [any Error] {
      #expect(map(error) == RPCError(.internal, "internal error"))
    }
    #expect(!map(full).message.contains(path))
    #expect(log.lines.contains { $0.contains(path) && $0.contains("/x/Y") })
  }

  @Test("a status stays what it is, a bad page token is an argument")
  func others() {
    #expect(map(RPCError(.aborted, "x")) == RPCError(.aborted, "x"))
    #expect(map(CancellationError()).code == .cancelled)
    let failure = #expect(throws: PageToken.Failure.self) {
      try PageToken.decode("x", query: [])
    }
    if let failure { #expect(map(failure).fieldViolations.map(\.field) == ["page_token"]) }
  }
}
