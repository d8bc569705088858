internal import AccessToken
internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import StandardProto
internal import Testing

@Suite("The gate: a token, offline and against the list of revocations")
struct AccessTokenGateTests {
  let fixture = Fixture()
  let list = RevocationList()
  static let now = Fixture.now
  static let mailbox = "mailboxes/alice@acme.test"

  var gate: AccessTokenGate { AccessTokenGate(verifier: fixture.verifier, revocations: list) }

  func pulse(
    at moment: Timestamp = now, revoked: [String] = [], sequence: UInt64 = 1
  ) -> ApprovalsV1.WatchRevocationsResponse {
    .init(
      sequence: sequence,
      revoked: revoked.map {
        .init(grantID: $0, state: .revoked, windowEndTime: .init(Self.now + .hours(4)))
      }, time: .init(moment))
  }

  @Test("a good token is admitted to what its scope holds, and to nothing else")
  func scope() throws {
    list.take(pulse(), at: Self.now)
    let token = try fixture.token()
    let under = Self.mailbox + "/inbox"
    for resource in [Self.mailbox, under] {
      let claims = try gate.admit(token, to: .read, on: resource, at: Self.now)
      #expect(claims.grant.id == fixture.claims.grant.id)
    }
    for resource in ["", "mailboxes", "mailboxes/bob@acme.test", Self.mailbox + "2"] {
      #expect(throws: AccessTokenGate.Refusal.resource) {
        try gate.admit(token, to: .read, on: resource, at: Self.now)
      }
    }
    #expect(throws: AccessTokenGate.Refusal.action) {
      try gate.admit(token, to: .delete, on: Self.mailbox, at: Self.now)
    }
  }

  @Test("a revoked grant's token is refused from the answer on that tells of it")
  func revoked() throws {
    list.take(pulse(), at: Self.now)
    let token = try fixture.token()
    _ = try gate.admit(token, to: .read, on: Self.mailbox, at: Self.now)
    list.take(
      pulse(revoked: [fixture.claims.grant.id.description], sequence: 2), at: Self.now)
    #expect(throws: AccessTokenGate.Refusal.revoked) {
      try gate.admit(token, to: .read, on: Self.mailbox, at: Self.now)
    }
    #expect(list.sequence == 2)
    // An older answer takes nothing back.
    list.take(pulse(sequence: 1), at: Self.now)
    #expect(list.sequence == 2 && list.contains(fixture.claims.grant.id))
  }

  @Test("without fresh knowledge of revocations nobody is admitted")
  func stale() throws {
    let token = try fixture.token()
    func admit(at now: Timestamp) throws {
      _ = try gate.admit(token, to: .read, on: Self.mailbox, at: now)
    }
    #expect(throws: AccessTokenGate.Refusal.revocationsUnknown) { try admit(at: Self.now) }
    list.take(pulse(), at: Self.now)
    try admit(at: Self.now + .seconds(5))
    #expect(throws: AccessTokenGate.Refusal.revocationsUnknown) {
      try admit(at: Self.now + .seconds(5) + .nanoseconds(1))
    }
    // An answer that was long on its way is as old as it says; one from the future as old as it came.
    list.take(pulse(at: Self.now + .seconds(1)), at: Self.now + .seconds(20))
    #expect(list.completeUntil == Self.now + .seconds(1))
    list.take(pulse(at: Self.now + .hours(1)), at: Self.now + .seconds(20))
    #expect(list.completeUntil == Self.now + .seconds(20))
    // Part of a beginning says nothing of when it is complete.
    let fresh = RevocationList()
    fresh.take(.init(revoked: []), at: Self.now)
    #expect(fresh.completeUntil == .distantPast)
  }

  @Test("a bound token serves its holder alone")
  func holder() throws {
    list.take(pulse(), at: Self.now)
    let hash = [UInt8](repeating: 9, count: 32)
    let other = [UInt8](repeating: 8, count: 32)
    for (confirmation, right, wrong) in [
      (
        Confirmation.certificate(sha256: hash), AccessTokenGate.Possession(certificate: hash),
        [
          AccessTokenGate.Possession(), .init(certificate: other), .init(keyThumbprint: hash),
        ]
      ),
      (
        .key(thumbprint: hash), .init(keyThumbprint: hash),
        [.init(), .init(keyThumbprint: other), .init(certificate: hash)]
      ),
    ] {
      var claims = try fixture.claimsWithReceipt()
      claims.confirmation = confirmation
      let token = fixture.signer.sign(claims)
      #expect(AccessTokenVerifier.unverifiedClaims(token)?.confirmation == confirmation)
      _ = try gate.admit(
        token, holding: right, to: .read, on: Self.mailbox, at: Self.now)
      for possession in wrong {
        #expect(throws: AccessTokenGate.Refusal.notTheHolder) {
          try gate.admit(
            token, holding: possession, to: .read, on: Self.mailbox, at: Self.now)
        }
      }
    }
  }

  @Test("none of the bad tokens is admitted, each for its own reason", arguments: Tampering.all)
  func bad(_ tampering: Tampering) throws {
    var fixture = Fixture()
    tampering.prepare(&fixture)
    let token = try tampering.forge(fixture)
    list.take(pulse(at: tampering.now), at: tampering.now)
    #expect(throws: AccessTokenGate.Refusal.token(tampering.failsAt)) {
      try AccessTokenGate(verifier: fixture.verifier, revocations: list)
        .admit(token, to: .read, on: Self.mailbox, at: tampering.now)
    }
  }

  @Test("the list forgets grants whose windows are over")
  func forgetting() {
    for index in 0..<2_000 {
      let id = GrantID.make(at: Self.now + .seconds(index)).description
      list.take(
        .init(
          sequence: UInt64(index),
          revoked: [
            .init(grantID: id, state: .revoked, windowEndTime: .init(Self.now))
          ], time: .init(Self.now)), at: Self.now)
    }
    #expect(list.count == 2_000)
    list.take(pulse(), at: Self.now + .hours(1))
    #expect(list.count == 0)
  }
}
