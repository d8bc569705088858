internal import Domain
internal import LockboxProto
internal import Testing

@testable internal import Audit

@Suite("Listing entries", .serialized)
struct EntryQueryTests {
  /// Twelve entries of acme among others' events: requests a and b in turn, kinds by index.
  private static func fill(_ store: any AuditStore) async throws -> (RequestID, RequestID) {
    var events = TestEvents()
    let (a, b): (RequestID, RequestID) = (events.newID(), events.newID())
    let payloads: [EventV1.Event.Payload?] = [
      .stageOpened(.init()), .decisionRecorded(.init()), nil,
    ]
    var records: [[UInt8]] = []
    for index in 0..<12 {
      records.append(
        events.next(request: index % 2 == 0 ? a : b, payload: payloads[index % 3]))
      records.append(events.next("globex", request: a))
    }
    _ = try await store.append(TestEvents.batch(.approvals, 0, records))
    return (a, b)
  }

  /// The time of acme's entry at an index: every other event is another tenant's.
  private static func time(_ index: Int) -> Timestamp {
    TestEvents.start + .seconds(Int64(index * 2 + 1))
  }

  @Test("filters narrow alone and together, in order of index", arguments: StoreKind.allCases)
  func filters(kind: StoreKind) async throws {
    try await kind.withStore { store in
      let (a, b) = try await Self.fill(store)
      func list(_ query: EntryQuery) async throws -> [UInt64] {
        try await store.list(query).entries.map(\.index)
      }
      let all = EntryQuery(log: .acme, limit: 100)
      let cases: [(EntryQuery, [UInt64])] = [
        (all, Array(0..<12)),
        (all.with { $0.request = a }, [0, 2, 4, 6, 8, 10]),
        (all.with { ($0.request, $0.from) = (b, 4) }, [5, 7, 9, 11]),
        (all.with { $0.kinds = [.stageOpened] }, [0, 3, 6, 9]),
        (
          all.with { $0.kinds = [.stageOpened, .decisionRecorded] }, [0, 1, 3, 4, 6, 7, 9, 10]
        ),
        (all.with { $0.kinds = [.tenantApplied] }, []),
        (all.with { $0.start = Self.time(9) }, [9, 10, 11]),
        (all.with { $0.end = Self.time(2) }, [0, 1]),
        (all.with { ($0.start, $0.end) = (Self.time(3), Self.time(6)) }, [3, 4, 5]),
        (all.with { ($0.request, $0.kinds) = (a, [.decisionRecorded]) }, [4, 10]),
        (all.with { $0.request = .make(at: .epoch) }, []),
        (all.with { ($0.limit, $0.from) = (3, 5) }, [5, 6, 7]),
        (all.with { $0.from = 12 }, []),
        (all.with { ($0.log, $0.request) = (.globex, b) }, []),
      ]
      for (query, expected) in cases { #expect(try await list(query) == expected) }
    }
  }

  @Test(
    "a page ends before it grows over the bytes, but never before its first entry",
    arguments: StoreKind.allCases)
  func bytes(kind: StoreKind) async throws {
    try await kind.withStore { store in
      _ = try await Self.fill(store)
      let all = try await store.list(EntryQuery(log: .acme, limit: 100)).entries
      let two = all[0].event.count + all[1].event.count
      for (bytes, count) in [(0, 1), (two - 1, 1), (two, 2), (.max, 12)] {
        let page = try await store.list(
          EntryQuery(log: .acme, limit: 100, maximumBytes: bytes))
        #expect(
          page
            == EntryList(
              entries: Array(all.prefix(count)), next: count < 12 ? UInt64(count) : nil))
        let read = try await store.read(.acme) {
          try $0.entries(from: 0, limit: 100, maximumBytes: bytes)
        }
        #expect(read == page.entries)
      }
    }
  }
}

extension EntryQuery {
  fileprivate func with(_ change: (inout EntryQuery) -> Void) -> EntryQuery {
    var query = self
    change(&query)
    return query
  }
}
