internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import StandardProto

@testable internal import Notify

/// Requests, events and notices of a tenant, acme.
enum Samples {
  static let now = Timestamp(nanoseconds: 1_795_262_400_000_000_000)
  static let acme = TenantID("acme")!
  static let request = RequestID("019aa0c4-5b7e-7c31-9d1e-1c2a3b4c5d6e")!
  static let erin = CommonV1.Subject(
    issuer: "https://id.provider.test", id: "erin", displayName: "Erin Engineer")
  static let ana = CommonV1.Subject(
    issuer: "https://id.acme.test", id: "ana", displayName: "Ana Approver")
  static let scope = CommonV1.Scope(resources: ["mailboxes/alice"], actions: [.read])

  static let accessRequest = CommonV1.AccessRequest(
    requestID: request.description, tenantID: "acme", workload: "exchange", engineer: erin,
    reasonCode: .customerInitiatedSupport, justification: "Mail loops for Alice",
    ticket: "T-4711", scope: scope, duration: .init(seconds: 7_200), receiveTime: .init(now))

  static func stored(
    _ progress: RequestProgress = RequestProgress(), mail: String = "erin@provider.test"
  ) throws -> StoredRequest {
    StoredRequest(
      id: request, tenant: acme, accessRequest: try accessRequest.serialized(),
      engineerMail: mail, progress: progress)
  }

  static func settings(
    contacts: [String] = ["it@acme.test"], isOn: Bool = true,
    _ notifications: NotificationSettings? = nil
  ) -> CommonV1.TenantSettings {
    .init(
      tenantID: "acme", displayName: "Acme Corporation", lockboxEnabled: isOn, contacts: contacts,
      notifications: notifications?.message)
  }

  static let provider = ProviderNotices(
    contacts: [MailRecipient(address: "max@provider.test")], language: .english,
    detail: .summary, timeZone: "UTC", tellsEngineers: true)

  static func event(
    _ payload: EventV1.Event.Payload, of id: RequestID? = request, sequence: UInt64 = 1,
    at time: Timestamp = now, feed: String = "approvals"
  ) -> EventV1.Event {
    EventV1.Event(
      feed: feed, sequence: sequence, eventID: EventID.make(at: time).description,
      time: .init(time), tenantID: "acme", requestID: id?.description ?? "",
      actor: .init(subject: ana, role: "approver", authentication: .bearerToken),
      payload: payload)
  }

  static func stageOpened(
    _ side: CommonV1.Side, stage: UInt32 = 0, deadline: Timestamp = now + .hours(12)
  ) -> EventV1.Event.Payload {
    .stageOpened(
      .init(
        stage: stage, side: side, name: side == .customer ? "customer" : "managers", quorum: 1,
        deadline: .init(deadline)))
  }

  static func grant(duration: Duration = .hours(2), isBreakGlass: Bool = false) -> CommonV1.Grant {
    CommonV1.Grant(
      grantID: GrantID.make(at: now).description, requestID: request.description,
      tenantID: "acme", engineer: erin, scope: scope, startTime: .init(now),
      endTime: .init(now + duration), breakGlass: isBreakGlass)
  }

  static func draft(
    _ address: String, _ kind: NoticeKind = .approved, event: EventID, at time: Timestamp = now
  ) -> NoticeDraft {
    NoticeDraft(
      lane: .mail(address), owner: acme, tenant: acme, request: request, event: event, kind: kind,
      audience: .customer, notBefore: time)
  }

  static func channel(
    _ name: String = "it", owner: TenantID? = acme, _ target: NoticeChannel.Target? = nil,
    kinds: Set<NoticeKind> = [], isPaused: Bool = false, version: UInt64 = 1
  ) -> NoticeChannel {
    NoticeChannel(
      id: .make(at: now), owner: owner, name: name,
      target: target ?? .slack(HTTPSURL("https://hooks.slack.test/services/secret")!),
      kinds: kinds, workloads: [], language: nil, isPaused: isPaused, authorities: "",
      created: now, updated: now, version: version)
  }
}

extension NoticeKind {
  /// As the templates name it.
  var apiName: String {
    let kind = CommonV1.NoticeKind(rawValue: rawValue)
    return kind.templateName
  }
}

extension RequestProgress {
  /// After some events.
  init(after payloads: EventV1.Event.Payload...) {
    self.init()
    for payload in payloads { apply(payload) }
  }
}
