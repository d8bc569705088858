internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import Storage
internal import TestKit
internal import Testing

@testable internal import Approvals

@Suite("Questions and answers over the wire", .serialized)
struct ThreadTests {
  private typealias API = ApprovalsV1.ApprovalsService

  @Test("both sides read the thread, and each entry is an event of its author")
  func conversation() async throws {
    try await ApprovalsFixture.run { lockbox in
      let engineer = Subject(issuer: lockbox.installation.provider.url, id: "erin")
      let opened = try await lockbox.store.open(at: lockbox.clock.now(), engineer: engineer)
      let id = opened.record.request.id.description
      let last = lockbox.store.database.feed.last
      _ = try await lockbox.people.unary(
        API.askQuestion, .init(requestID: id, text: "Why both?"), options: lockbox.manager())
      // Sent twice, as after a lost answer.
      for _ in 0..<2 {
        _ = try await lockbox.people.unary(
          API.answerQuestion, .init(requestID: id, text: "Alice\nforwards to Bob."),
          options: lockbox.engineer())
      }
      for reader in [lockbox.manager(), lockbox.owner(), lockbox.engineer()] {
        let record = try await lockbox.people.unary(
          API.getAccessRequest, .init(requestID: id), options: reader
        ).accessRequest
        #expect(record?.thread.map(\.kind) == [.question, .answer])
        #expect(record?.thread.map(\.text) == ["Why both?", "Alice\nforwards to Bob."])
        #expect(record?.thread.map(\.author?.id) == ["mia", "erin"])
        #expect(record?.state == .awaitingProvider && record?.decisions.isEmpty == true)
      }
      let told = try await lockbox.events(after: last).map { event -> String in
        guard case .threadEntryAdded(let added) = event.payload else { return "other" }
        return "\(event.actor?.role ?? "") \(added.entry?.text.prefix(5) ?? "")"
      }
      #expect(told == ["manager Why b", "engineer Alice"])
    }
  }

  @Test("who may not decide now may not ask, who did not ask for access does not answer")
  func others() async throws {
    try await ApprovalsFixture.run { lockbox in
      let engineer = Subject(issuer: lockbox.installation.provider.url, id: "erin")
      let opened = try await lockbox.store.open(at: lockbox.clock.now(), engineer: engineer)
      let id = opened.record.request.id.description
      // The customer's stage is not open yet.
      await expectRefusal(.permissionDenied) { () async throws(RPCError) in
        try await lockbox.people.unary(
          API.askQuestion, .init(requestID: id, text: "?"), options: lockbox.owner())
      }
      await expectRefusal(.notFound) { () async throws(RPCError) in
        try await lockbox.people.unary(
          API.answerQuestion, .init(requestID: id, text: "!"), options: lockbox.engineer("emil"))
      }
      await expectRefusal(.failedPrecondition, "NOTHING_ASKED", state: "AWAITING_PROVIDER") {
        () async throws(RPCError) in
        try await lockbox.people.unary(
          API.answerQuestion, .init(requestID: id, text: "!"), options: lockbox.engineer())
      }
      for text in ["", String(repeating: "x", count: 4_097), "a\u{7}", "a\u{202E}b"] {
        await expectRefusal(.invalidArgument, "INVALID_FIELDS") { () async throws(RPCError) in
          try await lockbox.people.unary(
            API.askQuestion, .init(requestID: id, text: text), options: lockbox.manager())
        }
      }
    }
  }
}
