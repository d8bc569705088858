internal import Domain
internal import LockboxProto
internal import ServiceKit
internal import StandardProto

@testable internal import Intake

/// The people, requests and events of approvals that the tests of intake share.
enum Sample {
  static let contoso = TenantID("contoso")!
  static let mail = Workload("mail")!
  static let erin = Subject(issuer: "https://login.provider.test", id: "erin")

  static func stored(
    at time: Timestamp, tenant: TenantID = contoso, engineer: Subject = erin,
    progress: StoredRequest.Progress? = nil
  ) -> StoredRequest {
    let id = RequestID.make(at: time)
    return StoredRequest(
      id: id, accessRequest: Array("bytes of \(id)".utf8),
      digest: Digest([UInt8](repeating: 3, count: 32))!, tenant: tenant, engineer: engineer,
      progress: progress ?? .init(state: .received, updateTime: time))
  }

  static func submission(_ stored: StoredRequest, key: String? = nil) -> Submission {
    Submission(
      engineer: stored.engineer, key: key ?? stored.id.description,
      content: Digest([UInt8](repeating: 4, count: 32))!, request: stored.id)
  }

  /// An event of approvals' feed.
  static func event(
    _ payload: EventV1.Event.Payload, of request: RequestID? = nil, at time: Timestamp
  ) -> EventV1.Event {
    EventV1.Event(
      feed: "approvals", sequence: 1, eventID: EventID.make(at: time).description,
      time: .init(time), tenantID: contoso.text, requestID: request?.description ?? "",
      payload: payload)
  }

  static func tenantApplied(
    _ tenant: TenantID = contoso, longest: Duration, at time: Timestamp
  ) -> EventV1.Event {
    event(
      .tenantApplied(
        .init(
          settings: .init(
            tenantID: tenant.text, longestAccess: .init(seconds: longest.components.seconds)),
          version: 1)),
      at: time)
  }

  static func policyApplied(at time: Timestamp) -> EventV1.Event {
    event(.policyApplied(.init(policy: .init(workload: mail.text), version: 1)), at: time)
  }

  static func submit(_ key: String) -> IntakeV1.SubmitAccessRequestRequest {
    IntakeV1.SubmitAccessRequestRequest(
      idempotencyKey: key, tenantID: contoso.text, workload: mail.text,
      reasonCode: .customerInitiatedSupport, justification: "a ticket", ticket: "T-1",
      scope: .init(resources: ["mailboxes/alice"], actions: [.read]),
      duration: .init(seconds: 7_200))
  }
}

extension IntakeStore {
  @discardableResult
  func insert(_ stored: StoredRequest) async throws -> StoredRequest {
    try await write { try $0.insert(stored, Sample.submission(stored)) }
    return stored
  }

  /// Applies events of approvals' feed.
  /// - Returns: The requests that they changed.
  @discardableResult
  func apply(_ events: EventV1.Event...) async throws -> [RequestID] {
    try await write { transaction in
      try events.compactMap { try transaction.applyApprovals($0) }
    }
  }
}
