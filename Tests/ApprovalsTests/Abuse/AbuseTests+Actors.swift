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

extension AbuseTests {
  /// Fields in which programs behind proxies are told of their callers.
  static let actorFields = [
    "x-forwarded-user", "x-remote-user", "x-lockbox-subject", "x-lockbox-actor", "x-user",
    "x-forwarded-client-cert", "x-goog-iap-jwt-assertion", "forwarded", "cookie",
  ]

  @Test("a forged actor in the metadata")
  func forgedMetadata() async throws {
    try await ApprovalsFixture.run(Sample.tenant(), Sample.policy(quorum: 2)) { lockbox in
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      // Alone they are nobody; beside a token they are nothing.
      var nobody = CallOptions()
      var cook = Self.manager(lockbox, "cook", groups: ["cooks"])
      var manager = lockbox.manager("m1")
      for field in Self.actorFields {
        nobody.metadata.add("max", for: field)
        cook.metadata.add("max", for: field)
        manager.metadata.add("max", for: field)
      }
      try await Self.expectNoVote(lockbox, opened, as: nobody, .unauthenticated)
      try await Self.expectNoVote(lockbox, opened, as: cook)
      var two = lockbox.manager("m1")
      two.metadata.add(contentsOf: lockbox.manager("max").metadata)
      try await Self.expectNoVote(lockbox, opened, as: two, .unauthenticated)

      let record = try await lockbox.decide(opened, .approve, stage: 0, as: manager)
      #expect(record.decisions.map { $0.approver?.id } == ["m1"])
      let actors = try await lockbox.events().compactMap { event -> String? in
        guard case .decisionRecorded = event.payload else { return nil }
        return event.actor?.subject?.id
      }
      #expect(actors == ["m1"])
    }
  }

  @Test("a forged actor in the body")
  func forgedBody() async throws {
    try await BadInputWorld.run { world in
      let max = try CommonV1.Subject(
        issuer: world.approvals.installation.provider.url, id: "max", displayName: "Max"
      ).serialized()
      // A subject in fields that no request has: the number and the wire type, then the length.
      let forged = (1_000..<1_020).flatMap { field -> [UInt8] in
        let tag = field << 3 | 2
        return [UInt8(tag & 0x7F | 0x80), UInt8(tag >> 7), UInt8(max.count)] + max
      }
      let vote = try ApprovalsV1.DecideAccessRequestRequest(
        requestID: world.targets.waiting, verdict: .approve,
        requestDigest: world.targets.waitingDigest
      ).serialized()
      try await world.rawApprovals.call(
        Approvals.decideAccessRequest.path, vote + forged, options: world.approvals.manager("m1"))
      let record = try await world.approvals.people.unary(
        Approvals.getAccessRequest, .init(requestID: world.targets.waiting),
        options: world.approvals.manager())
      #expect(record.accessRequest?.decisions.map { $0.approver?.id } == ["m1"])

      let ask = try BadInputWorld.submission("forged").serialized()
      try await world.rawIntake.call(
        IntakeV1.IntakeService.submitAccessRequest.path, ask + forged,
        options: world.approvals.engineer())
      let list = try await world.intake.unary(
        IntakeV1.IntakeService.listAccessRequests, .init(), options: world.approvals.manager())
      #expect(list.accessRequests.allSatisfy { $0.accessRequest?.engineer?.id == "erin" })
    }
  }

  /// The confused deputy: a service is somebody, but nobody's person.
  @Test("a service that acts for a person without that person's token")
  func deputy() async throws {
    try await ApprovalsFixture.run { lockbox in
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      let vote = ApprovalsV1.DecideAccessRequestRequest(
        requestID: opened.record.request.id.description, verdict: .approve,
        requestDigest: opened.record.request.digest.bytes)
      let last = lockbox.store.database.feed.last
      for service in ServiceName.allCases {
        var claiming = CallOptions()
        for field in Self.actorFields { claiming.metadata.add("max", for: field) }
        let atPeople = try lockbox.installation.client(
          of: lockbox.service.addresses.people, as: service, expecting: .approvals)
        await expectRefusal(.unauthenticated) { () async throws(RPCError) in
          try await atPeople.unary(Approvals.decideAccessRequest, vote, options: claiming)
        }
        let atServices = try lockbox.installation.client(
          of: lockbox.service.addresses.service, as: service, expecting: .approvals)
        // Not even with the token: at this door there are no people.
        for options in [claiming, lockbox.manager("max")] {
          await expectRefusal(.unimplemented) { () async throws(RPCError) in
            try await atServices.unary(Approvals.decideAccessRequest, vote, options: options)
          }
        }
        await atPeople.shutdown()
        await atServices.shutdown()
      }
      #expect(lockbox.store.database.feed.last == last)
    }
  }
}
