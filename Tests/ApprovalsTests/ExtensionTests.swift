internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import TestKit
internal import Testing

@testable internal import Approvals

@Suite("Extensions in the store", .serialized)
struct ExtensionTests {
  /// A live grant of three hours, and a request that continues it.
  private struct Pair {
    let granted: StoredRequest
    let continuing: StoredRequest
    let grant: Grant

    init(_ store: any ApprovalsStore, at now: Timestamp) async throws {
      granted = try await store.grant(at: now)
      grant = try #require(granted.record.grant)
      continuing = try await store.open(at: now + .seconds(1), extends: grant.id)
    }
  }

  private func state(
    _ stored: StoredRequest, in store: any ApprovalsStore
  ) async throws -> RequestState.Name? {
    try await store.read { try $0.request(stored.record.request.id)?.record.state.name }
  }

  @Test(
    "an extension is asked and decided anew, and begins where the grant ends",
    arguments: StoreKind.allCases)
  func honest(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let store = bench.store
      try await store.prepare()
      let pair = try await Pair(store, at: bench.clock.now())
      #expect(pair.continuing.record.state.name == .awaitingProvider)
      let extended = ExtendedGrant(id: pair.grant.id, end: pair.grant.end, position: 1)
      #expect(pair.continuing.record.extended == extended)
      #expect(
        try await store.read { try $0.requests(extending: pair.grant.id) } == [pair.continuing])
      try await store.decide(pair.continuing, .approve, stage: 0, by: Sample.manager("mia"))
      let approved = try await store.decide(
        pair.continuing, .approve, stage: 1, by: Sample.owner("oda"))
      let grant = try #require(approved.record.grant)
      #expect(grant.start == pair.grant.end && grant.end == grant.start + .hours(3))
      #expect(try await store.granted(grant.id) == approved)
      #expect(try await state(pair.granted, in: store) == .approved)
      let record = try ApprovalsV1.AccessRequestRecord(approved, at: bench.clock.now())
      #expect(record.grant?.extendsGrantID == pair.grant.id.description)
      #expect(record.extendedGrantEnd == .init(pair.grant.end))
    }
  }

  static let endings: [(RequestEvent, waiting: RequestState.Name, granted: RequestState.Name)] = [
    (.revoke(by: Sample.owner("oda")), .denied, .revoked),
    (.returnGrant(by: Sample.engineer), .withdrawn, .ended),
    (.withdraw(by: Sample.engineer), .withdrawn, .ended),
  ]

  @Test(
    "who ends a grant ends what continues it, in the same commit",
    arguments: StoreKind.allCases, endings.indices)
  func followed(kind: StoreKind, ending index: Int) async throws {
    let (event, waiting, granted) = Self.endings[index]
    for isGranted in [false, true] {
      try await kind.withStore { bench in
        let store = bench.store
        try await store.prepare()
        let pair = try await Pair(store, at: bench.clock.now())
        var last: StoredRequest?
        if isGranted {
          try await store.decide(pair.continuing, .approve, stage: 0, by: Sample.manager("mia"))
          let next = try await store.decide(
            pair.continuing, .approve, stage: 1, by: Sample.owner("oda"))
          // And one that continues the extension, still asked for.
          last = try await store.open(
            at: bench.clock.now() + .seconds(2), extends: try #require(next.record.grant).id)
        }
        let before = try await bench.events().count
        _ = try await store.apply(event, to: pair.granted.record.request.id)
        #expect(try await state(pair.continuing, in: store) == (isGranted ? granted : waiting))
        if let last {
          #expect(last.record.extended?.position == 2)
          #expect(try await state(last, in: store) == waiting)
        }
        // One event for each that ended, and nothing else.
        #expect(try await bench.events().count == before + (isGranted ? 3 : 2))
      }
    }
  }

  @Test("an extension lives on when the grant ends by its window", arguments: StoreKind.allCases)
  func windowEnded(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let store = bench.store
      try await store.prepare()
      let pair = try await Pair(store, at: bench.clock.now())
      try await store.decide(pair.continuing, .approve, stage: 0, by: Sample.manager("mia"))
      bench.clock.set(pair.grant.end)
      _ = try await store.apply(.endGrant, to: pair.granted.record.request.id)
      #expect(try await state(pair.continuing, in: store) == .awaitingCustomer)
      let late = try await store.decide(
        pair.continuing, .approve, stage: 1, by: Sample.owner("oda"))
      #expect(late.record.grant?.start == bench.clock.now())
    }
  }

  @Test("what may not be continued is denied with its reason", arguments: StoreKind.allCases)
  func denied(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let store = bench.store
      try await store.prepare()
      let now = bench.clock.now()
      let pair = try await Pair(store, at: now)
      func reason(_ engineer: Subject, _ grant: GrantID) async throws -> String {
        let opened = try await store.open(at: now, engineer: engineer, extends: grant)
        #expect(opened.record.state == .denied && opened.record.extended == nil)
        let id = opened.record.request.id
        #expect(try await store.read { try $0.request(id) } == opened)
        guard case .accessRequestDenied(let denied) = try await bench.events().last?.payload else {
          Issue.record("no denial")
          return ""
        }
        #expect(opened.record.denial?.rawValue == denied.reason)
        return denied.reason
      }
      let emil = Subject(issuer: Sample.provider, id: "emil")
      #expect(try await reason(emil, pair.grant.id) == "EXTENDED_GRANT_UNKNOWN")
      #expect(try await reason(Sample.engineer, .make(at: now)) == "EXTENDED_GRANT_UNKNOWN")
      #expect(try await reason(Sample.engineer, pair.grant.id) == "ALREADY_EXTENDED")
      _ = try await store.apply(
        .revoke(by: Sample.owner("oda")), to: pair.granted.record.request.id)
      #expect(try await reason(Sample.engineer, pair.grant.id) == "EXTENDED_GRANT_REVOKED")
    }
  }

  @Test("an extension gives no token before its time, and none once the grant is revoked (I7)")
  func tokens() async throws {
    try await ApprovalsFixture.run { lockbox in
      let store = lockbox.store
      let engineer = Subject(issuer: lockbox.installation.provider.url, id: "erin")
      let granted = try await lockbox.granted()
      let first = try #require(granted.record.grant)
      let opened = try await store.open(
        at: lockbox.clock.now(), engineer: engineer, extends: first.id)
      try await store.decide(opened, .approve, stage: 0, by: Sample.manager("mia"))
      let approved = try await store.decide(opened, .approve, stage: 1, by: Sample.owner("oda"))
      let grant = try #require(approved.record.grant).id.description
      func issue() async throws(RPCError) -> ApprovalsV1.IssueAccessTokenResponse {
        try await lockbox.people.unary(
          ApprovalsV1.GrantService.issueAccessToken, .init(grantID: grant),
          options: lockbox.engineer())
      }
      await expectRefusal(.failedPrecondition, "GRANT_NOT_STARTED") { () async throws(RPCError) in
        try await issue()
      }
      _ = try await lockbox.people.unary(
        ApprovalsV1.ApprovalsService.revokeGrant,
        .init(grantID: first.id.description, comment: "enough"), options: lockbox.owner())
      lockbox.clock.set(first.end)
      await expectRefusal(.failedPrecondition, "GRANT_NOT_LIVE", state: "REVOKED") {
        () async throws(RPCError) in try await issue()
      }
      let revoked = try await lockbox.events().compactMap { event -> String? in
        guard case .grantRevoked(let it) = event.payload else { return nil }
        #expect(event.actor?.subject?.id == "oda" && it.comment == "enough")
        return it.grantID
      }
      #expect(revoked == [first.id.description, grant])
    }
  }
}
