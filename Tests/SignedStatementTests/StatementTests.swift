internal import Domain
internal import Testing

@testable internal import SignedStatement

struct StatementTests {
  private static let request = RequestID("019aa000-0000-7000-8000-000000000001")!
  private static let approver = Subject(
    issuer: "https://id.acme.example", id: "ana", displayName: "Ana")
  private static let time = Timestamp(rfc3339: "2026-11-21T12:00:00.5Z")!

  private func text(
    _ verdict: Verdict, stage: Int = 1, onBehalfOf holder: String? = nil, comment: String = "",
    terms: Terms? = nil
  ) throws -> String {
    String(
      decoding: try Statement.decision(
        verdict, stage: stage, on: Self.request, of: TenantID("acme")!,
        digest: Digest([UInt8](repeating: 0, count: 32))!, by: Self.approver,
        onBehalfOf: holder, comment: comment, terms: terms, at: Self.time), as: UTF8.self)
  }

  // Golden: what was signed once must be made again byte by byte by every later version.
  @Test("an approval's statement names all that is agreed to")
  func approval() throws {
    let terms = Terms(
      scope: Scope(resources: ["mailboxes/alice"], actions: [.read, .export]),
      duration: .seconds(5_400), start: Self.time + .hours(1))
    #expect(
      try text(.approve, comment: "a \"b\"\nc", terms: terms)
        == #"{"type":"lockbox.decision.v1","tenantId":"acme","#
        + #""requestId":"019aa000-0000-7000-8000-000000000001","#
        + #""requestDigest":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","stage":1,"#
        + #""verdict":"VERDICT_APPROVE","#
        + #""approver":{"issuer":"https://id.acme.example","id":"ana"},"#
        + #""comment":"a \"b\"\nc","terms":{"scope":{"resources":["mailboxes/alice"],"#
        + #""actions":["ACTION_READ","ACTION_EXPORT"]},"duration":"5400s","#
        + #""startTime":"2026-11-21T13:00:00.500Z"},"signTime":"2026-11-21T12:00:00.500Z"}"#)
  }

  @Test("a denial's statement has no terms, and the first stage is left out as a default")
  func denial() throws {
    let statement = try text(.deny, stage: 0)
    #expect(statement.contains(#""verdict":"VERDICT_DENY","approver""#))
    #expect(!statement.contains("terms") && !statement.contains("stage"))
  }

  @Test("a delegate's statement names whose seat it is")
  func delegate() throws {
    let own = try text(.deny)
    let lent = try text(.deny, onBehalfOf: "abe")
    #expect(lent == own.dropLast() + #","onBehalfOf":"abe"}"#)
  }

  @Test("statements of two kinds are never the same bytes")
  func kinds() throws {
    let key = try Statement.key(
      ApproverKeyID([UInt8](repeating: 1, count: 32))!, of: Self.approver, in: TenantID("acme")!,
      at: Self.time)
    #expect(String(decoding: key, as: UTF8.self).hasPrefix(#"{"type":"lockbox.key.v1","#))
  }
}
