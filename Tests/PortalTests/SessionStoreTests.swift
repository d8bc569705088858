internal import Domain
internal import Storage
internal import TestKit
internal import Testing

@testable internal import Portal

@Suite("Portal: where sessions live")
struct SessionStoreTests {
  private func withStore(
    _ kind: StoreKind, _ body: (any SessionStore, FakeClock) async throws -> Void
  ) async throws {
    try await kind.withStore(
      memory: { _ in (MemorySessionStore(mostAttempts: 3) as any SessionStore, { [] }) },
      sqlite: { path, clock in
        let store = try SQLiteSessionStore(path: path, clock: clock, mostAttempts: 3) {
          preconditionFailure("\($0)")
        }
        return (store as any SessionStore, store.database)
      }
    ) { try await body($0.store, $0.clock) }
  }

  private func session(_ clock: FakeClock, lasts: Duration = .hours(8)) -> StoredSession {
    StoredSession(
      key: SessionID.random().key, createTime: clock.now(), seenTime: clock.now(),
      endTime: clock.now() + lasts, sealed: [1, 2, 3])
  }

  @Test("a session is found as it was kept, and not once removed", arguments: StoreKind.allCases)
  func keeps(_ kind: StoreKind) async throws {
    try await withStore(kind) { store, clock in
      var session = session(clock)
      try await store.insert(session)
      #expect(try await store.session(session.key) == session)
      session.seenTime = session.seenTime + .seconds(90)
      try await store.touch(session.key, at: session.seenTime)
      session.sealed = [9]
      try await store.update(session.key, sealed: [9])
      #expect(try await store.session(session.key) == session)
      #expect(try await store.session(SessionID.random().key) == nil)
      try await store.remove(session.key)
      try await store.touch(session.key, at: clock.now())
      try await store.update(session.key, sealed: [9])
      #expect(try await store.session(session.key) == nil)
      #expect(try await store.count() == 0)
    }
  }

  @Test("one session takes another's place, once", arguments: StoreKind.allCases)
  func replaces(_ kind: StoreKind) async throws {
    try await withStore(kind) { store, clock in
      let (old, new, late) = (session(clock), session(clock), session(clock))
      try await store.insert(old)
      #expect(try await store.replace(old.key, with: new))
      #expect(try await !store.replace(old.key, with: late))
      #expect(try await store.session(old.key) == nil)
      #expect(try await store.session(new.key) == new)
      #expect(try await store.session(late.key) == nil)
    }
  }

  @Test(
    "an attempt is given out once; beyond the bound the oldest goes", arguments: StoreKind.allCases)
  func attempts(_ kind: StoreKind) async throws {
    try await withStore(kind) { store, clock in
      let attempts = (1...4).map { number in
        StoredAttempt(
          key: SessionID.random().key, endTime: clock.now() + .seconds(number),
          sealed: [UInt8(number)])
      }
      for attempt in attempts { try await store.insert(attempt) }
      #expect(try await store.take(attempts[0].key) == nil)
      #expect(try await store.take(attempts[1].key) == attempts[1])
      #expect(try await store.take(attempts[1].key) == nil)
      #expect(try await store.take(attempts[3].key) == attempts[3])
    }
  }

  @Test("a sweep forgets what is over, and nothing else", arguments: StoreKind.allCases)
  func sweeps(_ kind: StoreKind) async throws {
    try await withStore(kind) { store, clock in
      let (short, long) = (session(clock, lasts: .minutes(1)), session(clock))
      for session in [short, long] { try await store.insert(session) }
      let attempt = StoredAttempt(
        key: SessionID.random().key, endTime: clock.now() + .seconds(60), sealed: [])
      try await store.insert(attempt)
      clock.advance(by: .seconds(60))
      try await store.sweep(at: clock.now(), unseenSince: clock.now() - .minutes(30))
      #expect(try await store.session(short.key) == nil)
      #expect(try await store.take(attempt.key) == nil)
      #expect(try await store.session(long.key) == long)
      try await store.sweep(at: clock.now(), unseenSince: clock.now())
      #expect(try await store.count() == 0)
    }
  }

  @Test("sessions survive a restart; the file holds neither id nor token")
  func restart() async throws {
    let folder = TemporaryDirectory()
    let clock = FakeClock()
    let path = folder.file("sessions.db")
    func open() throws -> SQLiteSessionStore {
      try SQLiteSessionStore(path: path, clock: clock) { preconditionFailure("\($0)") }
    }
    let first = try open()
    let signedIn = SignedIn(
      organisation: "contoso", token: "the-secret-token", tokenEnd: clock.now() + .hours(1),
      refreshToken: "the-secret-refresh")
    let session = try await Sessions(store: first, clock: clock, limits: .init())
      .begin(signedIn, endTime: nil, replacing: nil)
    await first.database.close()
    for name in ["sessions.db", "sessions.db-wal"] {
      let text = text(ofFile: folder.file(name))
      #expect(!text.contains("the-secret") && !text.contains(session.id.cookie))
    }
    let second = try open()
    let found = try await Sessions(store: second, clock: clock, limits: .init())
      .find(session.id, isPresence: true)
    #expect(found == session)
    await second.database.close()
  }
}
