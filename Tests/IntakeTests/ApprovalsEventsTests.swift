internal import Domain
internal import LockboxProto
internal import ServiceKit
internal import StandardProto
internal import TestKit
internal import Testing

@testable internal import Intake

@Suite("What intake learns from approvals")
struct ApprovalsEventsTests {
  @Test("each event moves its request to the state that it tells of")
  func states() async throws {
    let clock = StoreBench<any IntakeStore>.fake.clock
    let store = MemoryIntakeStore(clock: clock)
    let time = clock.now()
    let deadline = time + .hours(1)
    let grant = GrantID.make(at: time)
    typealias Progress = StoredRequest.Progress
    let id = try await store.insert(Sample.stored(at: time)).id
    let steps: [(EventV1.Event.Payload, Progress?)] = [
      (
        .stageOpened(.init(side: .provider, deadline: .init(deadline))),
        Progress(state: .awaitingProvider, updateTime: time, deadline: deadline)
      ),
      (.decisionRecorded(.init()), nil), (.accessRequestOpened(.init()), nil),
      (
        .stageOpened(.init(stage: 1, side: .customer, deadline: .init(deadline))),
        Progress(state: .awaitingCustomer, updateTime: time, deadline: deadline)
      ),
      (
        .accessRequestApproved(
          .init(grant: .init(grantID: grant.description, endTime: .init(deadline)))),
        Progress(state: .approved, updateTime: time, deadline: deadline, grant: grant)
      ),
      (.accessTokenIssued(.init()), nil),
      (.grantRevoked(.init()), Progress(state: .revoked, updateTime: time, grant: grant)),
      (.grantEnded(.init()), Progress(state: .ended, updateTime: time, grant: grant)),
      (.accessRequestDenied(.init()), Progress(state: .denied, updateTime: time, grant: grant)),
      (.accessRequestExpired(.init()), Progress(state: .expired, updateTime: time, grant: grant)),
      (
        .accessRequestWithdrawn(.init()),
        Progress(state: .withdrawn, updateTime: time, grant: grant)
      ),
    ]
    var expected = Progress(state: .received, updateTime: time)
    for (payload, progress) in steps {
      let changed = try await store.apply(Sample.event(payload, of: id, at: time))
      #expect(changed == (progress == nil ? [] : [id]))
      if let progress { expected = progress }
      #expect(try await store.read { try $0.request(id)?.progress } == expected)
    }
  }

  @Test("an event of a request that is not ours, or of none, changes nothing")
  func unknown() async throws {
    let bench = StoreBench<any IntakeStore>.fake
    let time = bench.clock.now()
    #expect(
      try await bench.store.apply(
        Sample.event(.accessRequestDenied(.init()), of: .make(at: time), at: time),
        Sample.event(.accessRequestDenied(.init()), at: time)) == [])
  }

  @Test("settings that cannot be read stop the feed rather than being passed over")
  func unreadable() async throws {
    let bench = StoreBench<any IntakeStore>.fake
    let time = bench.clock.now()
    let events = [
      Sample.event(.tenantApplied(.init()), at: time),
      Sample.event(.tenantApplied(.init(settings: .init(tenantID: "contoso"))), at: time),
      Sample.event(.policyApplied(.init(policy: .init(workload: "Mail"))), at: time),
    ]
    for event in events {
      await #expect(throws: StoredMessageError.self) { try await bench.store.apply(event) }
    }
  }
}

extension StoreBench where Store == any IntakeStore {
  /// In memory.
  static var fake: Self {
    let clock = FakeClock()
    let store = MemoryIntakeStore(clock: clock)
    return Self(store: store, clock: clock, feed: { store.feed })
  }
}
