internal import Domain
internal import MerkleLog
internal import SignedStatement
internal import TestKit
internal import Testing

@testable internal import Approvals

/// Keys and absences of a tenant's people.
extension StoreConformanceTests {
  @Test("the same key is each tenant's own", arguments: StoreKind.allCases)
  func keysOfTenants(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let publicKey = ApproverPublicKey(
        SigningKey(seed: [UInt8](repeating: 7, count: 32))!.publicKey)
      let now = bench.clock.now()
      let person = Sample.owner("oda").subject
      func key(of tenant: TenantID) -> ApproverKey {
        ApproverKey(
          id: publicKey.id, tenant: tenant, approver: person, publicKey: publicKey.der,
          label: "laptop", registerTime: now, usableTime: now)
      }
      let own = key(of: Sample.contoso)
      let foreign = key(of: Sample.fabrikam)
      let revoked = own.revoked(by: person, at: now + .hours(1))
      try await bench.store.write { store in
        for key in [own, foreign, revoked] { try store.save(key) }
      }
      try await bench.store.read { store throws in
        #expect(try store.keys(of: Sample.contoso) == [revoked])
        #expect(try store.key(publicKey.id, of: Sample.contoso) == revoked)
        #expect(try store.key(publicKey.id, of: Sample.fabrikam) == foreign)
        #expect(try store.key(publicKey.id, of: TenantID("nobody")!) == nil)
      }
    }
  }

  @Test("a person has one absence, the newest, until it is removed", arguments: StoreKind.allCases)
  func absences(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let now = bench.clock.now()
      func absence(
        _ person: String, _ delegate: String?, of tenant: TenantID = Sample.contoso,
        isOwn: Bool = true
      ) -> Absence {
        Absence(
          tenant: tenant, person: person, delegate: delegate, start: now, end: now + .hours(1),
          isOwn: isOwn, setBy: Sample.owner("oda").subject, setTime: now + .nanoseconds(1))
      }
      let first = absence("olga", nil)
      let second = absence("oda", "dan", isOwn: false)
      let third = absence("olga", "dee")
      let foreign = absence("oda", nil, of: Sample.fabrikam)
      try await bench.store.write { store in
        for absence in [first, second, foreign, third] { try store.save(absence) }
      }
      try await bench.store.read { store throws in
        #expect(try store.absences(of: Sample.contoso) == [second, third])
        #expect(try store.absences(of: Sample.fabrikam) == [foreign])
      }
      try await bench.store.write { store in
        try store.removeAbsence(of: "oda", in: Sample.contoso)
        try store.removeAbsence(of: "nobody", in: Sample.contoso)
      }
      try await bench.store.read { store throws in
        #expect(try store.absences(of: Sample.contoso) == [third])
        #expect(try store.absences(of: Sample.fabrikam) == [foreign])
      }
    }
  }
}
