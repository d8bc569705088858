internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import Storage
internal import TestKit
internal import Testing

@testable internal import Approvals

/// The table of bad input of the design: every row over sockets against running services.
@Suite("Bad input", .serialized)
struct BadInputTests {
  @Test("every kind of bad input gets its answer, and changes nothing")
  func table() async throws {
    try await BadInputWorld.run { world in
      let last = world.approvals.store.database.feed.last
      let rows =
        BadInput.fieldRows + BadInput.unknownRows + BadInput.accessRows + BadInput.refusalRows
        + BadInput.byteRows
      for row in rows { await row.check(in: world) }
      // Intake's one good request, which approvals does not follow here.
      #expect(world.approvals.store.database.feed.last == last)
      let list = try await world.intake.unary(
        IntakeV1.IntakeService.listAccessRequests, .init(), options: world.approvals.engineer())
      #expect(list.accessRequests.count == 1)
    }
  }

  @Test("the same decision again is the same answer")
  func again() async throws {
    try await BadInputWorld.run { world in
      for _ in 0..<2 {
        try await BadInput.decide(
          world, as: world.approvals.manager(), request: world.targets.denied,
          digest: world.targets.deniedDigest, .deny)
      }
    }
  }

  @Test("broken TLS or HTTP/2 ends its connection, and nobody else notices")
  func brokenConnections() async throws {
    try await BadInputWorld.run { world in
      let watch = world.approvals.people.serverStreaming(
        ApprovalsV1.ApprovalsService.watchAccessRequests, .init(),
        options: world.approvals.manager())
      _ = try await watch.metadata
      // A good beginning, then a frame that says it is longer than any may be.
      let tooLong: [UInt8] = [0, 0, 0, 4, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 1, 7]
      for caller in [world.rawApprovals, world.rawIntake] {
        try await caller.sendInPlaceOfTLS(Array("GET / HTTP/1.1\r\nhost: lockbox\r\n\r\n".utf8))
        try await caller.sendInPlaceOfTLS([0x16, 3, 1, 0, 5, 9, 9, 9, 9, 9])
        try await caller.sendInPlaceOfHTTP2(Array("GET / HTTP/1.1\r\nhost: lockbox\r\n\r\n".utf8))
        try await caller.sendInPlaceOfHTTP2(
          Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + tooLong)
      }
      // The stream that was there before is there still.
      try await BadInput.decide(world, as: world.approvals.manager())
      var iterator = watch.makeAsyncIterator()
      #expect(try await iterator.next()?.accessRequest?.state == .awaitingCustomer)
    }
  }
}
