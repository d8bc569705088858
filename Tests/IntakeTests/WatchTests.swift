internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import TestKit
internal import Testing

@testable internal import Intake

@Suite("Watching a request", .serialized)
struct WatchTests {
  private typealias API = IntakeV1.IntakeService

  @Test("each state comes once, from the present one to the final one, and then the stream ends")
  func states() async throws {
    try await IntakeFixture.run { intake in
      let id = try #require(try await intake.submit(Sample.submit("k1")).id)
      let responses = intake.people.serverStreaming(
        API.watchAccessRequest, .init(requestID: id.description), options: intake.engineer())
      var iterator = responses.makeAsyncIterator()
      func next() async throws -> CommonV1.AccessRequestState? {
        try await iterator.next()?.accessRequest?.state
      }
      let deadline = GoogleProtobuf.Timestamp(intake.clock.now() + .hours(1))
      #expect(try await next() == .received)
      try await intake.tell(.stageOpened(.init(side: .provider, deadline: deadline)), of: id)
      #expect(try await next() == .awaitingProvider)
      // Woken for nothing: nothing is sent.
      intake.watchers.notify([id])
      try await intake.tell(.stageOpened(.init(side: .customer, deadline: deadline)), of: id)
      #expect(try await next() == .awaitingCustomer)
      try await intake.tell(.accessRequestDenied(.init()), of: id)
      #expect(try await next() == .denied)
      #expect(try await next() == nil)
    }
  }

  @Test("with expiry down the deadline itself ends the stream")
  func deadline() async throws {
    try await IntakeFixture.run { intake in
      let id = try #require(try await intake.submit(Sample.submit("k1")).id)
      // Near, so that the watcher looks at the clock again soon; it stands still until we move it.
      let deadline = intake.clock.now() + .milliseconds(20)
      try await intake.tell(
        .stageOpened(.init(side: .customer, deadline: .init(deadline))), of: id)
      let responses = intake.people.serverStreaming(
        API.watchAccessRequest, .init(requestID: id.description), options: intake.engineer())
      var iterator = responses.makeAsyncIterator()
      #expect(try await iterator.next()?.accessRequest?.state == .awaitingCustomer)
      intake.clock.set(deadline)
      #expect(try await iterator.next()?.accessRequest?.state == .expired)
      #expect(try await iterator.next() == nil)
    }
  }

  @Test("nobody else's request can be watched")
  func foreign() async throws {
    try await IntakeFixture.run { intake in
      let id = try #require(try await intake.submit(Sample.submit("k1")).id)
      for who in [id.description, RequestID.make(at: intake.clock.now()).description, ""] {
        let responses = intake.people.serverStreaming(
          API.watchAccessRequest, .init(requestID: who), options: intake.engineer("emil"))
        await expectRefusal(.notFound) { () async throws(RPCError) in
          var iterator = responses.makeAsyncIterator()
          return try await iterator.next()
        }
      }
    }
  }

  @Test("whoever stops watching leaves nothing behind")
  func leaves() async throws {
    let watchers = Watchers()
    let id = RequestID.make(at: .epoch)
    let watched = Task {
      var count = 0
      for await _ in watchers.changes(of: id) { count += 1 }
      return count
    }
    #expect(await eventually { watchers.count(of: id) == 1 })
    watched.cancel()
    #expect(await watched.value <= 1)
    #expect(watchers.count(of: id) == 0)
  }
}
