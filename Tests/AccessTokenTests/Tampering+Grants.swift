internal import AccessToken
internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC

/// Tokens whose receipt is right, for another grant than the token's.
extension Tampering {
  static let grants: [Tampering] = [
    Tampering(
      name: "an entry that is another event", failsAt: .event,
      prepare: { $0.event.payload = .stageOpened(.init()) }),
    Tampering(
      name: "an entry without payload", failsAt: .event, prepare: { $0.event.payload = nil }),
    Tampering(
      name: "an event of another tenant", failsAt: .tenant,
      prepare: { $0.event.tenantID = "globex" }),
    Tampering(
      name: "an event of another request", failsAt: .request,
      prepare: { $0.event.requestID = "019aa000-0000-7000-8000-00000000000f" }),
    claims("another request", .request) {
      $0.grant.request = RequestID("019aa000-0000-7000-8000-00000000000f")!
    },
    claims("another grant", .grant) {
      $0.grant.id = GrantID("019aa000-0000-7000-8000-00000000000f")!
    },
    claims("another digest", .digest) {
      $0.grant.requestDigest = Digest([UInt8](repeating: 8, count: 32))!
    },
    claims("another engineer", .engineer) {
      $0.grant.engineer = Subject(issuer: "https://provider.lockbox.test", id: "mallory")
    },
    claims("an engineer of another issuer", .engineer) {
      $0.grant.engineer = Subject(issuer: "https://acme.lockbox.test", id: "erin")
    },
    claims("a resource more", .scope) {
      $0.grant.scope = Scope(
        resources: $0.grant.scope.resources + ["mailboxes/bob@acme.test"],
        actions: $0.grant.scope.actions)
    },
    claims("another action", .scope) {
      $0.grant.scope = Scope(resources: $0.grant.scope.resources, actions: [.read, .delete])
    },
    claims("break-glass that was none", .breakGlass) { $0.grant.isBreakGlass = true },
    Tampering(
      name: "break-glass hidden", failsAt: .breakGlass,
      prepare: {
        var grant = CommonV1.Grant($0.claims.grant)
        grant.breakGlass = true
        $0.event.payload = .accessRequestApproved(.init(grant: grant))
      }),
    claims("a later end", .times) { $0.grant.end = $0.grant.end + .hours(1) },
    claims("an earlier start", .times) { $0.grant.start = $0.grant.start - .hours(1) },
  ]

  private static func claims(
    _ name: String, _ subject: Check.Subject,
    _ change: @escaping @Sendable (inout AccessTokenClaims) -> Void
  ) -> Tampering {
    Tampering(name: name, failsAt: subject, prepare: { change(&$0.claims) })
  }
}

extension Fixture {
  /// Another window, in the log and in the token.
  mutating func grantWindow(start: Timestamp? = nil, end: Timestamp? = nil) {
    claims.grant.start = start ?? claims.grant.start
    claims.grant.end = end ?? claims.grant.end
    event.payload = .accessRequestApproved(.init(grant: CommonV1.Grant(claims.grant)))
  }

  /// The honest payload under another header, signed by the right key.
  func token(header: String) throws -> String {
    let payload = try token().split(separator: ".")[1]
    let signed = "\(Base64URL.encode(Array(header.utf8))).\(payload)"
    return "\(signed).\(Base64URL.encode(tokenKey.sign(Array(signed.utf8))))"
  }
}
