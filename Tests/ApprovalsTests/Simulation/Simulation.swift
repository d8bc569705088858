internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import StandardProto
internal import TestKit

@testable internal import Approvals

/// A tenant, its people, the provider's people and expiry, who do whatever a seed says to the engine
/// over the store in memory: writes that fail and clocks that jump back among it.
struct Simulation {
  private struct Fault: Error {}

  let store: MemoryApprovalsStore
  private(set) var ledger = Ledger()
  private let clock = FakeClock()
  private var generator: TestGenerator
  private var ids: [RequestID] = []
  private var grants: [GrantID] = []
  private var read = 0

  init(seed: UInt64) async throws {
    generator = TestGenerator(seed: seed)
    store = MemoryApprovalsStore(clock: clock)
    try await store.prepare(Sample.breakGlassTenant, Sample.breakGlassPolicy)
  }

  mutating func step() async throws {
    pass()
    let fails = Int.random(in: 0..<20, using: &generator) == 0
    if ids.isEmpty || Int.random(in: 0..<6, using: &generator) == 0 {
      try await open(fails: fails)
    } else if Int.random(in: 0..<60, using: &generator) == 0 {
      try await store.prepare(settings(), Sample.breakGlassPolicy)
    } else {
      try await act(fails: fails)
    }
    try await audit()
  }

  /// Moves the clock: mostly a little, sometimes beyond deadlines, sometimes back.
  private mutating func pass() {
    let minutes =
      switch Int.random(in: 0..<40, using: &generator) {
      case 0: -30
      case 1: 60 * 24
      case 2..<6: Int.random(in: 30...240, using: &generator)
      default: Int.random(in: 0...3, using: &generator)
      }
    clock.advance(by: .minutes(minutes))
  }

  private mutating func settings() -> TenantSettings {
    let kinds = [
      Sample.breakGlassTenant, Sample.breakGlassTenant, Sample.tenant(), Sample.tenant(quorum: 2),
      Sample.tenant(enabled: false),
    ]
    return kinds[Int.random(in: kinds.indices, using: &generator)]
  }

  private mutating func open(fails: Bool) async throws {
    let kind = Int.random(in: 0..<4, using: &generator)
    let event = try Sample.received(
      at: clock.now(), duration: .minutes(Int.random(in: 5...300, using: &generator)),
      extends: kind < 2 ? grants.randomElement(using: &generator) : nil,
      isBreakGlass: kind == 3)
    let isDurable = try await write(fails: fails) { try $0.applyIntake(event) }
    if isDurable, let id = RequestID(event.requestID) { ids.append(id) }
  }

  private mutating func act(fails: Bool) async throws {
    // The newest are the ones that something still happens to.
    let recent = ids.suffix(12)
    guard let id = recent.randomElement(using: &generator),
      let stored = try await store.read({ try $0.request(id) })
    else { return }
    let event = event(for: stored)
    _ = try await write(fails: fails) { transaction in
      do {
        _ = try transaction.apply(
          event, to: try transaction.request(id) ?? stored, origin: .system())
      } catch is RequestRefused {}
    }
    let grant = try await store.read { try $0.request(id)?.record.grant?.id }
    if let grant, !grants.contains(grant) { grants.append(grant) }
  }

  /// - Returns: Whether it was kept.
  private func write(
    fails: Bool, _ body: @escaping @Sendable (any ApprovalsTransaction) throws -> Void
  ) async throws -> Bool {
    do {
      try await store.write { transaction in
        try body(transaction)
        if fails { throw Fault() }
      }
      return true
    } catch is Fault {
      return false
    }
  }

  private mutating func audit() async throws {
    let feed = store.feed
    for bytes in feed[read...] { try ledger.read(bytes) }
    read = feed.count
  }
}

extension Simulation {
  /// What somebody does, who may or may not.
  private mutating func event(for stored: StoredRequest) -> RequestEvent {
    let record = stored.record
    let stage = record.state.openStage?.index ?? 0
    let managers = ["mia", "max", "moe", "erin"].map { Sample.manager($0) }
    let owners = ["oda", "olaf"].map { Sample.owner($0) }
    let side = record.snapshot?.stages[stage].side
    let people = side == .customer ? owners : managers
    let isAstray = Int.random(in: 0..<10, using: &generator) == 0
    let person = (isAstray ? managers + owners : people).randomElement(using: &generator)!
    let owner = owners.randomElement(using: &generator)!
    switch Int.random(in: 0..<24, using: &generator) {
    case 0: return .withdraw(by: Sample.engineer)
    case 1: return .revoke(by: owner)
    case 2: return .returnGrant(by: Sample.engineer)
    case 3: return .expire(stage: stage)
    case 4, 5: return .endGrant
    case 6, 7: return .closeReview(.accepted, by: owner, comment: "")
    case 8: return .ask("why?", by: person)
    case 9: return .answer("so", by: Sample.engineer)
    case 10: return decide(.deny, record, stage: stage, by: person)
    case 11:
      var terms = record.terms
      terms = Terms(
        scope: Scope(resources: ["mailboxes/alice"], actions: [.read]),
        duration: terms.duration, start: terms.start.map { $0 + .minutes(1) })
      return decide(.approve, record, stage: stage, by: person, terms: terms)
    default: return decide(.approve, record, stage: stage, by: person)
    }
  }

  private func decide(
    _ verdict: Verdict, _ record: RequestRecord, stage: Int, by person: Person,
    terms: Terms? = nil
  ) -> RequestEvent {
    .decide(
      verdict, stage: stage, by: person, digest: record.request.digest, terms: terms, comment: "",
      grantID: .make(at: clock.now()))
  }

  /// Nobody does anything any more but expiry: what is still open then hangs for ever.
  mutating func finish() async throws -> [RequestState.Name] {
    clock.advance(by: .hours(24 * 30))
    for id in ids {
      _ = try await write(fails: false) { transaction in
        guard let stored = try transaction.request(id) else { return }
        let event: RequestEvent =
          stored.record.state.openStage.map { .expire(stage: $0.index) } ?? .endGrant
        _ = try transaction.apply(event, to: stored, origin: .system())
      }
    }
    try await audit()
    let ids = ids
    return try await store.read { store in
      try ids.compactMap { try store.request($0)?.record.state.name }
    }
  }
}
