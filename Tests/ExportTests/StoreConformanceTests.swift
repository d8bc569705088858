internal import Domain
internal import LockboxProto
internal import ServiceKit
internal import TestKit
internal import Testing

@testable internal import Export

/// What every store must do.
@Suite("Export stores", .serialized)
struct StoreConformanceTests {
  struct Planned: Error {}

  private static let client = Subject(issuer: "https://login.contoso.test", id: "siem")

  private static func key(_ type: ContentType = .general) -> Subscription.Key {
    Subscription.Key(tenant: .contoso, client: client, type: type)
  }

  @Test("entries come back as they came, by sequence and by blob", arguments: StoreKind.allCases)
  func entries(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      var log = LogWriter(clock: bench.clock)
      let batch = log.batch([
        (.contoso, .general), (nil, .general), (.contoso, .decision), (.fabrikam, .general),
        (.contoso, .general),
      ])
      try await bench.apply(batch)
      let all = batch.elements.map {
        StoredEntry(sequence: $0.sequence, tenant: $0.tenant, index: $0.index, event: $0.bytes)
      }
      try await bench.store.read { reader throws in
        #expect(try reader.cursor() == 5)
        #expect(try reader.entries(after: 0, limit: 9, maximumBytes: .max) == all)
        #expect(try reader.entries(after: 2, limit: 2, maximumBytes: .max) == Array(all[2..<4]))
        #expect(try reader.entries(after: 2, limit: 9, maximumBytes: 1) == [all[2]])
        let general = try #require(try reader.lastBlob(.general, of: .contoso))
        #expect(general.first == 0 && general.last == 2)
        #expect(try reader.entries(of: general) == [all[0], all[4]])
        let exchange = try #require(try reader.lastBlob(.exchange, of: .contoso))
        #expect(try reader.entries(of: exchange) == [all[2]])
        #expect(try reader.blob(exchange.id, of: .contoso) == exchange)
        #expect(try reader.blob(exchange.id, of: .fabrikam) == nil)
        #expect(try reader.lastBlob(.sharePoint, of: .contoso) == nil)
      }
    }
  }

  @Test("a batch that is not the next one changes nothing", arguments: StoreKind.allCases)
  func wrongCursor(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      var log = LogWriter(clock: bench.clock)
      let first = log.batch([(.contoso, .general)])
      let second = log.batch([(.contoso, .general)])
      await #expect(throws: (any Error).self) { try await bench.apply(second) }
      try await bench.apply(first)
      await #expect(throws: (any Error).self) { try await bench.apply(first) }
      try await bench.store.read { reader throws in
        #expect(try reader.cursor() == 1)
        #expect(try reader.entries(after: 0, limit: 9, maximumBytes: .max).count == 1)
        #expect(try reader.blobs(.general, of: .contoso, afterIndex: nil, limit: 9).count == 1)
      }
      try await bench.apply(second)
    }
  }

  @Test("a write that throws leaves nothing", arguments: StoreKind.allCases)
  func rollback(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      var log = LogWriter(clock: bench.clock)
      let batch = log.batch([(.contoso, .general)])
      await #expect(throws: Planned.self) {
        try await bench.store.write { transaction in
          try transaction.apply(batch)
          try transaction.set(Subscription(key: Self.key(), isEnabled: true))
          try transaction.noteListed(.contoso, through: .distantFuture)
          try transaction.tell(
            .contoso, .system(), .activitySubscriptionStopped(.init(contentType: "x")))
          throw Planned()
        }
      }
      try await bench.apply(batch)
      #expect(try await bench.told().isEmpty)
      #expect(try await bench.store.read { try $0.subscription(Self.key()) } == nil)
      let listed = try await bench.store.write { try $0.listedThrough(.contoso) }
      #expect(listed == nil)
    }
  }

  @Test("blobs come by time, page by page, and by index", arguments: StoreKind.allCases)
  func blobs(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      var log = LogWriter(clock: bench.clock)
      let start = bench.clock.now()
      for number in 0..<12 {
        // Three at each moment.
        if number.isMultiple(of: 3), number > 0 { bench.clock.advance(by: .seconds(1)) }
        try await bench.apply(
          log.batch([(.contoso, .general), (.fabrikam, .general)]))
      }
      try await bench.store.read { reader throws in
        var seen: [ContentBlob] = []
        repeat {
          let page = try reader.blobs(
            .general, of: .contoso, created: start..<(start + .seconds(3)),
            after: seen.last?.position, limit: 4)
          if page.isEmpty { break }
          seen += page
        } while true
        #expect(seen.map(\.first) == (0..<9).map { UInt64($0) })
        #expect(Set(seen.map(\.created)).count == 3)
        let later = try reader.blobs(.general, of: .contoso, afterIndex: 6, limit: 3)
        #expect(later.map(\.first) == [7, 8, 9])
        #expect(try reader.lastBlob(.general, of: .contoso)?.last == 11)
      }
    }
  }

  @Test("what was listed moves on, never back", arguments: StoreKind.allCases)
  func listed(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let now = bench.clock.now()
      let later = now + .hours(1)
      for (moment, expected) in [(now, now), (later, later), (now, later)] {
        let found = try await bench.store.write { transaction in
          try transaction.noteListed(.contoso, through: moment)
          return try transaction.listedThrough(.contoso)
        }
        #expect(found == expected)
      }
      let other = try await bench.store.write { try $0.listedThrough(.fabrikam) }
      #expect(other == nil)
    }
  }

  @Test("subscriptions come back with every field", arguments: StoreKind.allCases)
  func subscriptions(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let now = bench.clock.now()
      let address = try #require(HTTPSURL("https://siem.contoso.test/hook?key=1"))
      var full = Subscription(key: Self.key(), isEnabled: true)
      full.webhook = Webhook(
        target: .init(address: address, authID: "secret", expiration: now + .hours(1)), told: 7,
        failures: 3, failingSince: now, nextAttempt: now + .seconds(10))
      let plain = Subscription(key: Self.key(.exchange), isEnabled: false)
      let other = Subscription(
        key: .init(
          tenant: .contoso, client: Subject(issuer: Self.client.issuer, id: "other"),
          type: .general),
        isEnabled: true)
      try await bench.store.write { [full] transaction in
        for subscription in [full, plain, other] { try transaction.set(subscription) }
      }
      try await bench.store.read { [full] reader throws in
        #expect(try reader.subscription(full.key) == full)
        #expect(
          try reader.subscriptions(of: .contoso, client: Self.client) == [plain, full])
        #expect(try reader.subscriptions(of: .fabrikam, client: Self.client).isEmpty)
      }
      full.webhook?.isDisabled = true
      full.webhook?.told = nil
      full.webhook?.nextAttempt = nil
      try await bench.store.write { [full] in try $0.set(full) }
      #expect(try await bench.store.read { try $0.subscription(Self.key()) } == full)
    }
  }

  @Test("who is to be told is who has not been told of all", arguments: StoreKind.allCases)
  func toTell(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let address = try #require(HTTPSURL("https://siem.contoso.test/"))
      var subscription = Subscription(key: Self.key(), isEnabled: true)
      subscription.webhook = Webhook(
        target: .init(address: address, authID: nil, expiration: nil), told: nil)
      func toTell(_ change: Subscription) async throws -> Int {
        try await bench.store.write { try $0.set(change) }
        return try await bench.store.read { try $0.subscriptionsToTell().count }
      }
      #expect(try await toTell(subscription) == 0)
      var log = LogWriter(clock: bench.clock)
      try await bench.apply(log.batch([(.contoso, .decision), (.fabrikam, .general)]))
      #expect(try await toTell(subscription) == 0)
      try await bench.apply(log.batch([(.contoso, .general)]))
      #expect(try await toTell(subscription) == 1)
      var changed = subscription
      changed.webhook?.told = 1
      #expect(try await toTell(changed) == 0)
      changed = subscription
      changed.webhook?.isDisabled = true
      #expect(try await toTell(changed) == 0)
      changed = subscription
      changed.isEnabled = false
      #expect(try await toTell(changed) == 0)
    }
  }

  @Test("attempts are listed with their blobs, in their order", arguments: StoreKind.allCases)
  func attempts(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      var log = LogWriter(clock: bench.clock)
      let start = bench.clock.now()
      for _ in 0..<3 {
        try await bench.apply(log.batch([(.contoso, .general)]))
        bench.clock.advance(by: .seconds(1))
      }
      let blobs = try await bench.store.read {
        try $0.blobs(.general, of: .contoso, afterIndex: nil, limit: 9)
      }
      let made = [(0, false), (1, false), (0, true), (1, true), (2, true)].map { place, succeeded in
        NotificationAttempt(
          blob: blobs[place], sent: start + .seconds(place), succeeded: succeeded, number: 0)
      }
      try await bench.store.write { try $0.add(made, of: Self.key()) }
      let found = try await bench.store.read { reader in
        try reader.attempts(
          Self.key(), created: start..<(start + .seconds(2)), after: 0, limit: 9)
      }
      #expect(found.map(\.blob) == made.prefix(4).map(\.blob))
      #expect(found.map(\.succeeded) == [false, false, true, true])
      let rest = try await bench.store.read { reader in
        try reader.attempts(
          Self.key(), created: start..<(start + .hours(1)), after: found[1].number, limit: 2)
      }
      #expect(rest.map(\.number) == found[2...].map(\.number))
    }
  }

  @Test("what is too old goes, and that it went is known", arguments: StoreKind.allCases)
  func drop(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      var log = LogWriter(clock: bench.clock)
      let start = bench.clock.now()
      for _ in 0..<10 {
        try await bench.apply(
          log.batch([(.contoso, .general), (nil, .general), (.fabrikam, .general)]))
        bench.clock.advance(by: .seconds(1))
      }
      let moment = start + .seconds(4)
      var rounds = 0
      while try await bench.store.write({ try $0.drop(receivedBefore: moment, limit: 5) }) {
        rounds += 1
      }
      #expect(rounds >= 1)
      try await bench.store.read { reader throws in
        #expect(try reader.entries(after: 0, limit: 99, maximumBytes: .max).count == 18)
        #expect(try reader.droppedThrough(.contoso) == 3)
        #expect(
          try reader.blobs(.general, of: .contoso, afterIndex: nil, limit: 99).map(\.first)
            == (4..<10).map { UInt64($0) })
        #expect(try reader.cursor() == 30)
      }
      // Nothing comes twice, and the sequence goes on.
      try await bench.apply(log.batch([(.contoso, .general)]))
    }
  }
}
