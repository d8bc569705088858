internal import Domain
internal import LockboxProto
internal import LogFormats
internal import ProtobufC
internal import StandardProto

/// One event of each kind, the same in every run.
enum Samples {
  static let comment = "Mail loops, see the case"
  static let erin = CommonV1.Subject(
    issuer: "https://id.provider.example", id: "erin", displayName: "Erin Engineer")
  static let ana = CommonV1.Subject(
    issuer: "https://id.acme.example", id: "ana", displayName: "Ana Approver")
  static let grantID = "01949af6-5f2c-7bbb-8000-00000000000b"
  static let requestID = "01949af6-5f2c-7aaa-8000-00000000000a"
  static let digest = [UInt8](repeating: 0xab, count: 32)
  static let moment = GoogleProtobuf.Timestamp(
    nanosecondsSinceEpoch: 1_764_000_000_123_456_789)

  /// In the order of the .proto file.
  static func all(comment: String = comment) -> [EventV1.Event] {
    payloads(comment: comment).enumerated().map { event(UInt64($0 + 1), $1) }
  }

  static func event(_ sequence: UInt64, _ payload: EventV1.Event.Payload?) -> EventV1.Event {
    let system = EventV1.Actor(role: "system", authentication: .system)
    let person = EventV1.Actor(subject: ana, role: "approver", authentication: .bearerToken)
    let digits = String(sequence, radix: 16)
    let id = "01949af6-5f2c-7000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
    return EventV1.Event(
      feed: "approvals", sequence: sequence, eventID: id, time: moment, tenantID: "acme",
      requestID: requestID, actor: sequence % 5 == 0 ? system : person,
      trace: .init(traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
      payload: payload)
  }

  static func request(_ justification: String) throws -> [UInt8] {
    try CommonV1.AccessRequest(
      requestID: requestID, tenantID: "acme", workload: "exchange", engineer: erin,
      reasonCode: .customerInitiatedSupport, justification: justification, ticket: "CASE-7",
      scope: scope, duration: .init(.seconds(3_600)), receiveTime: moment
    ).serialized()
  }

  static let scope = CommonV1.Scope(
    resources: ["mailboxes/alice", "mailboxes/bob"], actions: [.read, .export])
  static let grant = CommonV1.Grant(
    grantID: grantID, requestID: requestID, tenantID: "acme", engineer: erin, scope: scope,
    startTime: moment, endTime: moment, requestDigest: digest, policyVersion: 3)
  static let key = CommonV1.ApproverKey(
    keyID: digest, tenantID: "acme", approver: ana, algorithm: .ed25519, label: "laptop")
  static let absence = CommonV1.Absence(
    tenantID: "acme", person: "ana", delegate: "alma", startTime: moment, endTime: moment)
  static let person = CommonV1.LinkedPerson(
    personID: "01949af6-5f2c-7ccc-8000-00000000000c", tenantID: "acme", subjects: [ana, erin])
  static let destination = CommonV1.Destination(
    destinationID: "01949af6-5f2c-7ddd-8000-00000000000d", tenantID: "acme", name: "SIEM",
    target: .syslog(.init(host: "siem.acme.example", port: 6514, format: .cef)), version: 1)

  private static func payloads(comment: String) -> [EventV1.Event.Payload] {
    requests(comment) + access(comment) + settings + notices
  }

  private static func requests(_ comment: String) -> [EventV1.Event.Payload] {
    let decision = CommonV1.Decision(
      stage: 2, side: .customer, verdict: .deny, approver: ana, comment: comment,
      decideTime: moment, requestDigest: digest,
      signature: .init(keyID: digest, signTime: moment, statement: Array(comment.utf8)))
    return [
      .accessRequestReceived(
        .init(accessRequest: (try? request(comment)) ?? [], requestDigest: digest)),
      .withdrawalReceived(.init(comment: comment)),
      .accessRequestOpened(
        .init(
          requestDigest: digest, workload: "exchange", policyVersion: 3, tenantVersion: 4,
          stages: [.init(name: "managers", side: .provider, quorum: 2)], policyRule: "default")),
      .stageOpened(
        .init(stage: 1, side: .customer, name: "customer", quorum: 1, deadline: moment)),
      .decisionRecorded(.init(decision: decision)),
      .accessRequestDenied(.init(stage: 2, reason: "NO_POLICY")),
      .accessRequestExpired(.init(stage: 2, deadline: moment)),
      .accessRequestWithdrawn(.init(comment: comment)),
      .deadlineFired(.init(kind: .stage, deadline: moment, stage: 2)),
      .threadEntryAdded(
        .init(entry: .init(kind: .question, author: ana, text: comment, time: moment))),
      .stageReminder(.init(stage: 2, name: "customer", quorum: 1, deadline: moment)),
      .stageEscalated(.init(stage: 2, name: "customer", quorum: 1, deadline: moment)),
      .accessRequestAboutToExpire(.init(stage: 2, name: "customer", quorum: 1, deadline: moment)),
      .quorumOutOfReach(.init(stage: 2, name: "customer", quorum: 2, available: 1)),
    ]
  }

  private static func access(_ comment: String) -> [EventV1.Event.Payload] {
    let review = CommonV1.BreakGlassReview(
      dueTime: moment, verdict: .disputed, reviewer: ana, comment: comment, closeTime: moment)
    return [
      .accessRequestApproved(.init(grant: grant)),
      .grantRevoked(.init(grantID: grantID, comment: comment)),
      .grantEnded(.init(grantID: grantID, reason: .windowEnded)),
      .accessTokenIssued(
        .init(grantID: grantID, tokenID: "01949af6-5f2c-7eee-8000-00000000000e", expireTime: moment)
      ),
      .breakGlassOpened(
        .init(
          engineer: erin, reasonCode: .productionAlert, scope: scope,
          contacts: ["soc@acme.example"])),
      .breakGlassUsed(
        .init(grant: grant, reviewDueTime: moment, contacts: ["soc@acme.example"])),
      .breakGlassReviewClosed(.init(grantID: grantID, review: review)),
    ]
  }

  private static let settings: [EventV1.Event.Payload] = [
    .tenantApplied(
      .init(
        settings: .init(tenantID: "acme", displayName: "Acme, Inc.", lockboxEnabled: true),
        version: 4)),
    .policyApplied(.init(policy: .init(workload: "exchange"), version: 3)),
    .approverKeyRegistered(.init(key: key)),
    .approverKeyConfirmed(.init(key: key)),
    .approverKeyRevoked(.init(key: key)),
    .absenceSet(.init(absence: absence)),
    .absenceEnded(.init(absence: absence)),
    .subjectsLinked(.init(person: person)),
    .subjectUnlinked(.init(subject: ana, person: person)),
    .signingKeyActivated(.init(keyID: "key-2", publicKey: digest, retiredKeyID: "key-1")),
    .activitySubscriptionStarted(
      .init(contentType: "Audit.General", webhook: "https://siem.acme.example/told")),
    .activitySubscriptionStopped(.init(contentType: "Audit.General")),
    .activityWebhookDisabled(
      .init(
        contentType: "Audit.General", client: erin, webhook: "https://siem.acme.example/told",
        failures: 9)),
    .destinationCreated(.init(destination: destination)),
    .destinationUpdated(.init(destination: destination, secretRotated: true)),
    .destinationDeleted(.init(destination: destination)),
    .destinationDisabled(.init(destinationID: destination.destinationID, name: "SIEM")),
    .deadLettersChanged(
      .init(
        destinationID: destination.destinationID, name: "SIEM", change: .added, count: 3,
        firstIndex: 7, lastIndex: 12)),
    .eventsDropped(
      .init(belowIndex: 70, beforeTime: moment, auditRetention: .init(seconds: 34_560_000))),
  ]

  static let channel = CommonV1.Channel(
    channelID: "01949af6-5f2c-7ddd-8000-00000000000f", tenantID: "acme", name: "Operations",
    target: .slack(.init(url: "https://hooks.slack.example/")), kinds: [.approvalNeeded],
    version: 1)
  private static let notice = CommonV1.NoticeInfo(
    noticeID: "01949af6-5f2c-7abc-8000-000000000010", kind: .approvalNeeded, audience: .customer,
    recipient: .init(address: .mail("ana@acme.example")), tenantID: "acme", requestID: requestID,
    eventID: "01949af6-5f2c-7000-8000-000000000004", createTime: moment)

  private static let notices: [EventV1.Event.Payload] = [
    .noticeDelivered(
      .init(
        notice: notice, attempts: 2, repeated: true,
        messageID: "01949af6-5f2c-7abc-8000-000000000010@lockbox.example")),
    .noticeGivenUp(.init(notice: notice, attempts: 3, lastFailure: "550 no such user")),
    .noticeDropped(.init(notice: notice, reason: "REQUEST_CLOSED")),
    .noticesRetried(.init(count: 1, noticeIds: ["01949af6-5f2c-7abc-8000-000000000010"])),
    .channelCreated(.init(channel: channel)),
    .channelUpdated(.init(channel: channel, secretRotated: true)),
    .channelDeleted(.init(channel: channel)),
    .channelDisabled(.init(channelID: channel.channelID, name: "Operations")),
  ]
}

extension EntryRecord {
  /// A request with a justification, in a log's entry 7.
  static func withJustification(_ text: String, _ texts: TextRule = .included) throws -> EntryRecord
  {
    let received = EventV1.AccessRequestReceived(
      accessRequest: try Samples.request(text), requestDigest: Samples.digest)
    return try EntryRecord(
      index: 7, event: Samples.event(1, .accessRequestReceived(received)), texts: texts)
  }
}

/// Texts that break formats which do not expect them.
let hostileTexts = [
  "two\nlines", "carriage\rreturn", "\r\n\r\n", "tab\there", "quote \" and 'single'", "a|b\\c=d]e",
  "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "=HYPERLINK(\"http://x\";\"y\")", "\u{1}\u{1b}[31m",
  "\u{85}\u{9b}", "\u{202e}gnp.exe", "\u{2066}x\u{2069}", "\u{2028}\u{2029}", "\u{feff}bom",
  "CEF:0|a|b|c|d|e|10|", "<13>1 - - - - - -", "]] [x y=\"z\"]", "%20 100%", "\\n \\u0000", "é́ 🔐",
  String(repeating: "=", count: 4_096), String(repeating: "\u{202e}", count: 4_096),
]
