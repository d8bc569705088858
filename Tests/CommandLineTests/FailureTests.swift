internal import LockboxProto
internal import RPC
internal import Testing

@testable internal import CommandLine

@Suite("Failures")
struct FailureTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let error: RPCError
    let status: CommandStatus
    /// What the sentence must say.
    let words: String
    var testDescription: String { "\(error)" }
  }

  static func reason(_ code: StatusCode, _ reason: String, state: String? = nil) -> RPCError {
    RPCError(
      code, "words of the server",
      details: [
        .errorInfo(
          reason: reason, domain: "lockbox", metadata: state.map { ["state": $0] } ?? [:])
      ])
  }

  static let cases: [Case] = [
    Case(
      error: RPCError(.unavailable, "connection refused"), status: .unavailable,
      words: "Connection refused. Its address is endpoints.approvals in "),
    Case(
      error: RPCError(.deadlineExceeded, ""), status: .temporary, words: "did not answer in time"),
    Case(error: RPCError(.unauthenticated, "x"), status: .permission, words: "Get a new one"),
    Case(
      error: RPCError(.permissionDenied, "x"), status: .permission, words: "You may not do this"),
    Case(
      error: RPCError(.notFound, "no such request"), status: .refused,
      words: "No such request: it does not exist, or it is not yours to see."),
    Case(
      error: RPCError(.resourceExhausted, "too many", details: [.retryInfo(.seconds(3))]),
      status: .temporary, words: "Too many. Try again in 3 s."),
    Case(error: RPCError(.internal, "boom"), status: .software, words: "Its log says more"),
    Case(error: RPCError(.unimplemented, ""), status: .software, words: "another version"),
    Case(
      error: RPCError(.invalidArgument, "bad\u{1B}[2J"), status: .data,
      words: "Bad\\u{1b}[2J."),
    Case(
      error: reason(.failedPrecondition, "REQUEST_EXPIRED"), status: .refused,
      words: "deadline has passed"),
    Case(
      error: reason(.failedPrecondition, "REQUEST_CLOSED", state: "DENIED"), status: .refused,
      words: "It is denied now."),
    Case(
      error: reason(.failedPrecondition, "DIGEST_MISMATCH"), status: .refused,
      words: "not the one that was shown"),
    Case(
      error: reason(.failedPrecondition, "STAGE_NOT_OPEN", state: "AWAITING_CUSTOMER"),
      status: .refused, words: "It is awaiting customer now."),
    Case(
      error: reason(.alreadyExists, "ALREADY_DECIDED"), status: .refused,
      words: "Nobody decides twice"),
    Case(
      error: reason(.failedPrecondition, "GRANT_NOT_LIVE", state: "ENDED"), status: .refused,
      words: "The grant is over. It is ended now."),
    Case(
      error: reason(.alreadyExists, "IDEMPOTENCY_KEY_REUSED"), status: .refused,
      words: "use a new key"),
    Case(
      error: reason(.unavailable, "AUDIT_UNAVAILABLE"), status: .temporary,
      words: "The grant stands"),
    Case(error: reason(.unavailable, "CLOCK_WENT_BACK"), status: .temporary, words: "clock"),
    Case(error: reason(.unavailable, "STORAGE_UNAVAILABLE"), status: .temporary, words: "store"),
    Case(
      error: reason(.failedPrecondition, "OF_A_NEWER_SERVER"), status: .refused,
      words: "Words of the server."),
  ]

  @Test("every status and reason is one sentence with a way out, and a code", arguments: cases)
  func sentences(of test: Case) async {
    let scene = Scene()
    scene.services.refuse(ApprovalsV1.GrantService.getGrant, test.error)
    let outcome = await scene.run(["grant", "show", Example.grantID])
    #expect(outcome.status == test.status)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.count == 1)
    #expect(outcome.errors.first?.hasPrefix("lockboxctl: ") == true)
    #expect(outcome.errors.first?.contains(test.words) == true, "\(outcome.errors)")
  }

  @Test("every violation stands on its own line, with the option that sets the field")
  func violations() async {
    let scene = Scene()
    scene.services.refuse(
      IntakeV1.IntakeService.submitAccessRequest,
      RPCError(
        .invalidArgument, "x",
        details: [
          .badRequest([
            FieldViolation(field: "justification", description: "is missing"),
            FieldViolation(field: "scope.resources[3]", description: "contains \u{7}"),
            FieldViolation(field: "strange", description: "is strange"),
          ])
        ]))
    let outcome = await scene.run(SubmitTests.arguments)
    #expect(outcome.status == .data)
    #expect(
      outcome.errors.dropFirst() == [
        "  --justification (justification): is missing",
        "  --resource (scope.resources[3]): contains \\u{7}", "  strange: is strange",
      ])
  }

  @Test("exit codes are what is documented")
  func exitCodes() {
    #expect(CommandStatus.allCases.map(\.rawValue) == [0, 1, 2, 3, 64, 65, 69, 70, 74, 75, 77, 78])
  }

  @Test("nobody signed in is told how to sign in")
  func nobody() async {
    let outcome = await Scene().run(["list"], environment: [:])
    #expect(outcome.status == .permission)
    #expect(outcome.errors.first?.contains("--token-file") == true)
  }
}
