internal import Domain
internal import Foundation
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import StandardProto
internal import Testing

@testable internal import Export

/// Records as collectors get them, held against files; made again with GOLDEN=write.
@Suite("Records of the common schema")
struct RecordTests {
  private static let directory = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Golden")

  static func event(
    _ payload: EventV1.Event.Payload, by actor: EventV1.Actor, request: Bool = true
  ) -> EventV1.Event {
    EventV1.Event(
      feed: "approvals", sequence: 7, eventID: "019aa8c0-0000-7000-8000-000000000001",
      time: .init(Timestamp(rfc3339: "2026-11-22T09:10:11.123Z")!), tenantID: "contoso",
      requestID: request ? "019aa8c0-0000-7000-8000-0000000000aa" : "", actor: actor,
      payload: payload)
  }

  private static func actor(
    _ id: String, _ role: String, _ authentication: EventV1.Authentication = .bearerToken
  ) -> EventV1.Actor {
    EventV1.Actor(
      subject: .init(issuer: "https://login.contoso.test", id: id, displayName: "\(id) (test)"),
      role: role, authentication: authentication)
  }

  static let examples: [(name: String, event: EventV1.Event)] = [
    (
      "customer-approves",
      event(
        .decisionRecorded(
          .init(
            decision: .init(
              stage: 1, side: .customer, verdict: .approve,
              approver: .init(issuer: "https://login.contoso.test", id: "ana"),
              comment: "Please be \"quick\"\n<b>"))), by: actor("ana", "approver"))
    ),
    (
      "customer-denies",
      event(
        .decisionRecorded(.init(decision: .init(stage: 1, side: .customer, verdict: .deny))),
        by: actor("adam", "admin"))
    ),
    (
      "manager-approves",
      event(
        .decisionRecorded(.init(decision: .init(side: .provider, verdict: .approve))),
        by: actor("max", "manager"))
    ),
    (
      "request-received",
      event(
        .accessRequestReceived(
          .init(
            accessRequest: (try? CommonV1.AccessRequest(
              requestID: "019aa8c0-0000-7000-8000-0000000000aa", tenantID: "contoso",
              workload: "exchange", engineer: .init(id: "erin"), justification: "Mail loops",
              scope: .init(resources: ["mailboxes/alice"], actions: [.read])
            ).serialized()) ?? [], requestDigest: [1, 2, 3])), by: actor("erin", "engineer"))
    ),
    (
      "deadline-fired",
      event(
        .deadlineFired(.init(kind: .grant)),
        by: EventV1.Actor(role: "system", authentication: .system))
    ),
    (
      "settings-by-automation",
      event(
        .activitySubscriptionStarted(.init(contentType: "Audit.General")),
        by: actor("siem", "auditor", .serviceToken), request: false)
    ),
  ]

  @Test("each is what its file says", arguments: examples.indices)
  func golden(_ place: Int) throws {
    let (name, event) = Self.examples[place]
    let record = ActivityRecord(
      event: event, tenant: .contoso, index: 41, guids: GUIDs(trustDomain: "lockbox.test"))
    let text = try record.json().text
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
    let pretty =
      try JSONSerialization.data(
        withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
      + Data("\n".utf8)
    let file = Self.directory.appending(path: "\(name).json")
    if ProcessInfo.processInfo.environment["GOLDEN"] == "write" {
      try pretty.write(to: file)
    }
    let kept = try String(contentsOf: file, encoding: .utf8)
    #expect(String(decoding: pretty, as: UTF8.self) == kept)
  }

  @Test("what the schema demands is in every record")
  func mandatory() throws {
    for (name, event) in Self.examples {
      let record = ActivityRecord(
        event: event, tenant: .contoso, index: 0, guids: GUIDs(trustDomain: "lockbox.test"))
      let text = try record.json().text
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      for member in [
        "Id", "RecordType", "CreationTime", "Operation", "OrganizationId", "UserType", "UserKey",
        "Workload", "UserId", "ClientIP",
      ] {
        #expect(object[member] != nil, "\(name): \(member)")
      }
    }
  }

  @Test("what is the customer's decision is Exchange's, all else general")
  func types() {
    let types = Self.examples.map { ContentType(of: $0.event) }
    #expect(types == [.exchange, .exchange, .general, .general, .general, .general])
  }
}
