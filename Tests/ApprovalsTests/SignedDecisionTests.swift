internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import SignedStatement
internal import StandardProto
internal import Storage
internal import TestKit
internal import Testing

@testable internal import Approvals

@Suite("Signed decisions over the wire", .serialized)
struct SignedDecisionTests {
  private typealias Keys = ApprovalsV1.ApproverKeyService
  private typealias Tenants = ApprovalsV1.TenantService

  /// Oda's key.
  private static let key = SigningKey(seed: [UInt8](repeating: 9, count: 32))!

  private static func demanding(_ quorum: Int = 1) -> TenantSettings {
    let plain = Sample.tenant(quorum: quorum)
    return TenantSettings(
      tenant: plain.tenant, displayName: plain.displayName, lockboxEnabled: true,
      requestLifetime: plain.requestLifetime, longestAccess: plain.longestAccess,
      approvers: plain.approvers, contacts: plain.contacts, requiresSignedDecisions: true)
  }

  private func subject(_ name: String, _ lockbox: ApprovalsFixture) -> Subject {
    Subject(issuer: lockbox.installation.contoso.url, id: name)
  }

  private func register(
    _ key: SigningKey = key, by name: String = "oda", on lockbox: ApprovalsFixture,
    as who: CallOptions? = nil
  ) async throws -> CommonV1.ApproverKey {
    let publicKey = ApproverPublicKey(key.publicKey)
    let now = lockbox.clock.now()
    let statement = try Statement.key(
      publicKey.id, of: subject(name, lockbox), in: Sample.contoso, at: now)
    return try #require(
      try await lockbox.people.unary(
        Keys.registerApproverKey,
        .init(
          publicKey: publicKey.der, label: "laptop",
          signature: .init(
            keyID: publicKey.id.bytes, signTime: .init(now), signature: key.sign(statement))),
        options: who ?? lockbox.owner(name)
      ).key)
  }

  private func signature(
    _ lockbox: ApprovalsFixture, on stored: StoredRequest, _ verdict: Verdict = .approve,
    stage: Int = 1, by name: String = "oda", onBehalfOf holder: String? = nil,
    comment: String = "", terms: Terms? = nil, key: SigningKey = key, late: Duration = .zero
  ) throws -> CommonV1.StatementSignature {
    let request = stored.record.request
    let time = lockbox.clock.now() - late
    let statement = try Statement.decision(
      verdict, stage: stage, on: request.id, of: request.tenant, digest: request.digest,
      by: subject(name, lockbox), onBehalfOf: holder, comment: comment,
      terms: verdict == .approve ? terms ?? stored.record.terms : nil, at: time)
    return .init(
      keyID: ApproverPublicKey(key.publicKey).id.bytes, signTime: .init(time),
      signature: key.sign(statement))
  }

  /// A tenant that demands signatures, oda with a key that counts, and a request that waits for
  /// them.
  private func run(
    _ body: (ApprovalsFixture, StoredRequest, CommonV1.ApproverKey) async throws -> Void
  ) async throws {
    try await ApprovalsFixture.run { lockbox in
      let registered = try await register(on: lockbox)
      _ = try await lockbox.people.unary(
        Keys.confirmApproverKey, .init(keyID: registered.keyID), options: lockbox.admin())
      let applied = try await lockbox.people.unary(
        Tenants.applyTenant, .init(settings: Self.demanding().message), options: lockbox.admin())
      #expect(applied.changed)
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      _ = try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager())
      try await body(lockbox, opened, registered)
    }
  }

  @Test("a signed approval counts, and its statement and signature are kept and told")
  func approved() async throws {
    try await run { lockbox, opened, key in
      await expectRefusal(
        .failedPrecondition, "SIGNATURE_REQUIRED", state: "AWAITING_CUSTOMER"
      ) { () async throws(RPCError) in
        try await lockbox.decide(opened, .approve, stage: 1, as: lockbox.owner())
      }
      let terms = Terms(
        scope: Scope(resources: ["mailboxes/bob"], actions: [.read]), duration: .hours(1))
      let record = try await lockbox.decide(
        opened, .approve, stage: 1, as: lockbox.owner(), comment: "see\tT-1",
        terms: .init(terms),
        signature: try signature(lockbox, on: opened, comment: "see\tT-1", terms: terms))
      #expect(record.state == .approved && record.stages.map(\.requiresSignature) == [false, true])
      let kept = try #require(record.decisions.last?.signature)
      #expect(kept.keyID == key.keyID)
      let publicKey = try #require(ApproverPublicKey(der: key.publicKey))
      let read = try #require(StatementSignature(kept))
      #expect(publicKey.isSigned(read, relyingParty: nil))
      #expect(String(decoding: read.statement, as: UTF8.self).contains("mailboxes/bob"))
      let stored = try await lockbox.store.read { try $0.request(opened.record.request.id) }
      #expect(stored?.record.decisions.last?.signature == read)
      let told = try await lockbox.events().compactMap { event -> CommonV1.StatementSignature? in
        guard case .decisionRecorded(let recorded) = event.payload else { return nil }
        return recorded.decision?.signature
      }
      #expect(told == [kept])
    }
  }

  /// What somebody may try instead, and the reason that they are told.
  private static let refusals:
    [(
      String, String,
      @Sendable (SignedDecisionTests, ApprovalsFixture, StoredRequest) throws ->
        CommonV1.StatementSignature
    )] = [
      (
        "a signature over other terms", "SIGNATURE_INVALID",
        {
          try $0.signature(
            $1, on: $2, terms: Terms(scope: $2.record.request.scope, duration: .hours(1)))
        }
      ),
      ("over a denial", "SIGNATURE_INVALID", { try $0.signature($1, on: $2, .deny) }),
      ("over another stage", "SIGNATURE_INVALID", { try $0.signature($1, on: $2, stage: 0) }),
      ("over another comment", "SIGNATURE_INVALID", { try $0.signature($1, on: $2, comment: "x") }),
      (
        "over the seat of another", "SIGNATURE_INVALID",
        { try $0.signature($1, on: $2, onBehalfOf: "olga") }
      ),
      ("over another's words", "SIGNATURE_INVALID", { try $0.signature($1, on: $2, by: "ole") }),
      (
        "by a key that nobody registered", "KEY_NOT_USABLE",
        { try $0.signature($1, on: $2, key: .generate()) }
      ),
      (
        "with the time of another statement", "SIGNATURE_INVALID",
        {
          var signature = try $0.signature($1, on: $2)
          signature.signTime = .init($1.clock.now() + .seconds(1))
          return signature
        }
      ),
      (
        "signed long ago", "SIGN_TIME_OFF",
        { try $0.signature($1, on: $2, late: Limits.signTimeTolerance + .seconds(1)) }
      ),
      (
        "signed ahead", "SIGN_TIME_OFF",
        { try $0.signature($1, on: $2, late: .zero - Limits.signTimeTolerance - .seconds(1)) }
      ),
      ("with nothing in it", "SIGN_TIME_OFF", { _, _, _ in .init() }),
    ]

  // Breaks when `SignatureDesk.check` does not look at the signature.
  @Test("a signature over anything else counts for nothing")
  func refused() async throws {
    try await run { lockbox, opened, _ in
      for (name, reason, make) in Self.refusals {
        let signature = try make(self, lockbox, opened)
        let error = await #expect(throws: RPCError.self, "\(name)") {
          try await lockbox.decide(
            opened, .approve, stage: 1, as: lockbox.owner(), signature: signature)
        }
        #expect(error?.reason == reason, "\(name)")
      }
      let stored = try await lockbox.store.read { try $0.request(opened.record.request.id) }
      #expect(stored?.record.decisions.count == 1)
    }
  }

  @Test("a delegate signs with a key of their own, over the seat that they hold")
  func delegate() async throws {
    try await run { lockbox, opened, _ in
      let key = SigningKey(seed: [UInt8](repeating: 11, count: 32))!
      let dan = lockbox.owner("dan", groups: [])
      let registered = try await register(key, by: "dan", on: lockbox, as: dan)
      _ = try await lockbox.people.unary(
        Keys.confirmApproverKey, .init(keyID: registered.keyID), options: lockbox.admin())
      _ = try await lockbox.people.unary(
        ApprovalsV1.AbsenceService.setAbsence,
        .init(delegate: "dan", endTime: .init(lockbox.clock.now() + .hours(1))),
        options: lockbox.owner("oda"))
      for holder in [nil, "ole"] as [String?] {
        await expectRefusal(.failedPrecondition, "SIGNATURE_INVALID") {
          () async throws(RPCError) in
          try await lockbox.decide(
            opened, .approve, stage: 1, as: dan,
            signature: (try? signature(
              lockbox, on: opened, by: "dan", onBehalfOf: holder, key: key)) ?? .init(),
            onBehalfOf: "oda")
        }
      }
      let record = try await lockbox.decide(
        opened, .approve, stage: 1, as: dan,
        signature: try signature(lockbox, on: opened, by: "dan", onBehalfOf: "oda", key: key),
        onBehalfOf: "oda")
      #expect(record.state == .approved)
      let statement = record.decisions.last?.signature?.statement ?? []
      #expect(String(decoding: statement, as: UTF8.self).contains(#""onBehalfOf":"oda""#))
    }
  }

  @Test("nobody decides with somebody else's key, nor with a revoked one")
  func otherKeys() async throws {
    try await run { lockbox, opened, key in
      await expectRefusal(.failedPrecondition, "KEY_NOT_USABLE") { () async throws(RPCError) in
        try await lockbox.decide(
          opened, .approve, stage: 1, as: lockbox.owner("ole"),
          signature: (try? signature(lockbox, on: opened, by: "ole")) ?? .init())
      }
      _ = try await lockbox.people.unary(
        Keys.revokeApproverKey, .init(keyID: key.keyID), options: lockbox.owner())
      await expectRefusal(.failedPrecondition, "KEY_NOT_USABLE") { () async throws(RPCError) in
        try await lockbox.decide(
          opened, .approve, stage: 1, as: lockbox.owner(),
          signature: (try? signature(lockbox, on: opened)) ?? .init())
      }
    }
  }

  @Test("a new key waits, unless another admin confirms it; each step is an event")
  func waiting() async throws {
    try await ApprovalsFixture.run { lockbox in
      let last = lockbox.store.database.feed.last
      let key = try await register(on: lockbox)
      #expect(key.usableTime == .init(lockbox.clock.now() + .hours(24)))
      #expect(try await register(on: lockbox) == key)
      let own = try await register(.generate(), by: "ada", on: lockbox, as: lockbox.admin("ada"))
      await expectRefusal(.permissionDenied) { () async throws(RPCError) in
        try await lockbox.people.unary(
          Keys.confirmApproverKey, .init(keyID: own.keyID), options: lockbox.admin("ada"))
      }
      await expectRefusal(.permissionDenied) { () async throws(RPCError) in
        try await lockbox.people.unary(
          Keys.confirmApproverKey, .init(keyID: key.keyID), options: lockbox.owner())
      }
      let confirmed = try await lockbox.people.unary(
        Keys.confirmApproverKey, .init(keyID: key.keyID), options: lockbox.admin("ada")
      ).key
      #expect(confirmed?.usableTime == .init(lockbox.clock.now()))
      #expect(confirmed?.confirmedBy?.id == "ada")
      _ = try await lockbox.people.unary(
        Keys.revokeApproverKey, .init(keyID: own.keyID), options: lockbox.admin("ada"))
      let listed = try await lockbox.people.unary(
        Keys.listApproverKeys, .init(), options: lockbox.owner()
      ).keys
      #expect(Set(listed.map(\.keyID)) == [key.keyID, own.keyID])
      #expect(listed.count { $0.revokedBy != nil } == 1)
      let kinds = try await lockbox.events(after: last).map { event in
        switch event.payload {
        case .approverKeyRegistered: "registered"
        case .approverKeyConfirmed: "confirmed"
        case .approverKeyRevoked: "revoked"
        default: "other"
        }
      }
      #expect(kinds == ["registered", "registered", "confirmed", "revoked"])
    }
  }

  @Test("a key is registered by whoever holds it, and by nobody else after")
  func holders() async throws {
    try await ApprovalsFixture.run { lockbox in
      let key = try await register(on: lockbox)
      // Somebody else's key, with that person's own words under it.
      await expectRefusal(.alreadyExists, "KEY_IN_USE") { () async throws(RPCError) in
        do {
          _ = try await register(by: "ole", on: lockbox)
        } catch let error as RPCError {
          throw error
        } catch {
          throw RPCError(.internal, "\(error)")
        }
      }
      // Without the private key.
      let other = ApproverPublicKey(SigningKey.generate().publicKey)
      await expectRefusal(.failedPrecondition, "SIGNATURE_INVALID") { () async throws(RPCError) in
        try await lockbox.people.unary(
          Keys.registerApproverKey,
          .init(
            publicKey: other.der,
            signature: .init(
              keyID: other.id.bytes, signTime: .init(lockbox.clock.now()),
              signature: [UInt8](repeating: 0, count: 64))), options: lockbox.owner())
      }
      await expectRefusal(.invalidArgument, "INVALID_FIELDS") { () async throws(RPCError) in
        try await lockbox.people.unary(
          Keys.registerApproverKey, .init(publicKey: [1, 2, 3]), options: lockbox.owner())
      }
      for who in [lockbox.manager(), lockbox.engineer(), lockbox.operatorOptions()] {
        await expectRefusal(.permissionDenied) { () async throws(RPCError) in
          try await lockbox.people.unary(
            Keys.revokeApproverKey, .init(keyID: key.keyID), options: who)
        }
      }
    }
  }

  @Test("signatures cannot be demanded before the quorum has keys that count")
  func nobodyCould() async throws {
    try await ApprovalsFixture.run { lockbox in
      func demand(_ quorum: Int = 1) async throws(RPCError) {
        _ = try await lockbox.people.unary(
          Tenants.applyTenant, .init(settings: Self.demanding(quorum).message),
          options: lockbox.admin())
      }
      await expectRefusal(.failedPrecondition, "NO_USABLE_KEYS") { () async throws(RPCError) in
        try await demand()
      }
      _ = try await register(on: lockbox)
      await expectRefusal(.failedPrecondition, "NO_USABLE_KEYS") { () async throws(RPCError) in
        try await demand()
      }
      lockbox.clock.advance(by: .hours(24))
      try await demand()
      await expectRefusal(.failedPrecondition, "NO_USABLE_KEYS") { () async throws(RPCError) in
        try await demand(2)
      }
    }
  }
}
