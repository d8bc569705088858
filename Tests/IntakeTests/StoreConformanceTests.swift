internal import Domain
internal import ProtobufC
internal import ServiceKit
internal import StandardProto
internal import TestKit
internal import Testing

@testable internal import Intake

/// What every store must do.
@Suite("Intake stores", .serialized)
struct StoreConformanceTests {
  struct Planned: Error {}

  @Test("a request comes back with every field", arguments: StoreKind.allCases)
  func roundTrip(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let time = bench.clock.now()
      let id = try await bench.store.insert(Sample.stored(at: time)).id
      var expected = try #require(await bench.store.read { try $0.request(id) })
      #expect(expected.progress == .init(state: .received, updateTime: time))
      #expect(expected.accessRequest == Array("bytes of \(id)".utf8))
      #expect(!expected.isWithdrawn)
      for state in RequestState.Name.allCases {
        let progress = StoredRequest.Progress(
          state: state, updateTime: time + .nanoseconds(1), deadline: time + .hours(1),
          grant: state == .received ? nil : .make(at: time))
        try await bench.store.write { try $0.update(progress, of: id) }
        expected.progress = progress
        #expect(try await bench.store.read { try $0.request(id) } == expected)
      }
      try await bench.store.write { try $0.markWithdrawn(id) }
      expected.isWithdrawn = true
      #expect(try await bench.store.read { try $0.request(id) } == expected)
      #expect(try await bench.store.read { try $0.request(.make(at: time)) } == nil)
    }
  }

  @Test("a write that throws leaves nothing, not even a sequence", arguments: StoreKind.allCases)
  func rollback(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let stored = Sample.stored(at: bench.clock.now())
      await #expect(throws: Planned.self) {
        try await bench.store.write { transaction in
          try transaction.insert(stored, Sample.submission(stored, key: "k"))
          try transaction.append { [UInt8(truncatingIfNeeded: $0)] }
          try transaction.save(tenant: Sample.contoso, longestAccess: .hours(1))
          try transaction.save(workload: Sample.mail)
          try transaction.advanceCursor(of: "approvals", from: 0, to: 3)
          throw Planned()
        }
      }
      try await bench.store.read { store throws in
        #expect(try store.request(stored.id) == nil)
        #expect(try store.submission(of: Sample.erin, key: "k") == nil)
        #expect(try store.longestAccess(of: Sample.contoso) == nil)
        #expect(try !store.hasPolicy(for: Sample.mail))
        #expect(try store.cursor(of: "approvals") == 0)
      }
      try await bench.store.write { try $0.append { [UInt8(truncatingIfNeeded: $0)] } }
      #expect(try await bench.feed() == [[1]])
    }
  }

  @Test("a key is one engineer's, and used once", arguments: StoreKind.allCases)
  func submissions(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let stored = Sample.stored(at: bench.clock.now())
      let submission = Sample.submission(stored, key: "k")
      try await bench.store.write { try $0.insert(stored, submission) }
      let (found, others) = try await bench.store.read { store in
        let others = [
          try store.submission(of: Subject(issuer: "https://b.test", id: "erin"), key: "k"),
          try store.submission(of: Subject(issuer: Sample.erin.issuer, id: "emil"), key: "k"),
          try store.submission(of: Sample.erin, key: "K"),
        ]
        return (try store.submission(of: Sample.erin, key: "k"), others)
      }
      #expect(found == submission)
      #expect(others == [nil, nil, nil])
      let next = Sample.stored(at: bench.clock.now())
      await #expect(throws: (any Error).self) {
        try await bench.store.write { try $0.insert(next, Sample.submission(next, key: "k")) }
      }
      #expect(try await bench.store.read { try $0.request(next.id) } == nil)
    }
  }

  @Test(
    "lists filter by tenant, engineer and the state at that moment",
    arguments: StoreKind.allCases)
  func queries(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let time = bench.clock.now()
      let emil = Subject(issuer: "https://other.test", id: "erin")
      let fabrikam = try #require(TenantID("fabrikam"))
      var ids: [String: RequestID] = [:]
      for state in RequestState.Name.allCases {
        let progress = StoredRequest.Progress(
          state: state, updateTime: time,
          deadline: state.isFinal || state == .received ? nil : time + .hours(1))
        let stored = Sample.stored(at: time, progress: nil)
        ids["\(state)"] = stored.id
        try await bench.store.insert(stored)
        try await bench.store.write { try $0.update(progress, of: stored.id) }
      }
      ids["foreign"] = try await bench.store.insert(Sample.stored(at: time, tenant: fabrikam)).id
      ids["emil's"] = try await bench.store.insert(Sample.stored(at: time, engineer: emil)).id

      func list(
        tenant: TenantID? = nil, engineer: Subject? = nil, _ states: Set<RequestState.Name> = [],
        after: Duration = .zero
      ) async throws -> Set<String> {
        let query = RequestQuery(
          tenant: tenant, engineer: engineer, states: states, now: time + after, limit: 100)
        let found = try await bench.store.read { try $0.requests(query) }.map(\.id)
        #expect(found == found.sorted(by: >))
        return Set(ids.filter { found.contains($0.value) }.keys)
      }
      #expect(try await list() == Set(ids.keys))
      #expect(try await list(tenant: fabrikam) == ["foreign"])
      #expect(try await list(engineer: emil) == ["emil's"])
      #expect(try await list(tenant: Sample.contoso, engineer: emil) == ["emil's"])
      for state in RequestState.Name.allCases where state != .received {
        #expect(
          try await list([state], after: .hours(1) - .nanoseconds(1)) == ["\(state)"])
      }
      #expect(try await list([.received]) == ["received", "foreign", "emil's"])
      #expect(
        try await list([.awaitingProvider, .awaitingCustomer, .approved], after: .hours(1)) == [])
      #expect(
        try await list([.expired], after: .hours(1))
          == ["expired", "awaitingProvider", "awaitingCustomer"])
      #expect(try await list([.ended], after: .hours(1)) == ["ended", "approved"])
    }
  }

  @Test("pages stay where they are while requests are added", arguments: StoreKind.allCases)
  func paging(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      var expected: [RequestID] = []
      for _ in 0..<10 {
        bench.clock.advance(by: .seconds(1))
        expected.append(try await bench.store.insert(Sample.stored(at: bench.clock.now())).id)
      }
      var seen: [RequestID] = []
      repeat {
        let query = RequestQuery(now: bench.clock.now(), before: seen.last, limit: 3)
        let page = try await bench.store.read { try $0.requests(query) }
        if page.isEmpty { break }
        seen += page.map(\.id)
        bench.clock.advance(by: .seconds(1))
        try await bench.store.insert(Sample.stored(at: bench.clock.now()))
      } while true
      #expect(seen == expected.reversed())
    }
  }

  @Test("tenants, workloads and cursors are the newest ones", arguments: StoreKind.allCases)
  func settings(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      for longest in [Duration.hours(1), .milliseconds(1_500)] {
        try await bench.store.write { transaction in
          try transaction.save(tenant: Sample.contoso, longestAccess: longest)
          try transaction.save(workload: Sample.mail)
        }
        #expect(try await bench.store.read { try $0.longestAccess(of: Sample.contoso) } == longest)
        #expect(try await bench.store.read { try $0.hasPolicy(for: Sample.mail) })
      }
      try await bench.store.write { try $0.advanceCursor(of: "approvals", from: 0, to: 4) }
      await #expect(throws: (any Error).self) {
        try await bench.store.write { try $0.advanceCursor(of: "approvals", from: 3, to: 5) }
      }
      #expect(try await bench.store.read { try $0.cursor(of: "approvals") } == 4)
    }
  }

  @Test("time never goes back", arguments: StoreKind.allCases)
  func time(kind: StoreKind) async throws {
    try await kind.withStore { bench async throws in
      let start = bench.clock.now()
      #expect(try await bench.store.write { $0.now } == start)
      bench.clock.advance(by: .hours(-1))
      #expect(try await bench.store.write { $0.now } == start)
      #expect(bench.store.timeMark.mark == start)
    }
  }
}
