internal import Domain
internal import LockboxProto
internal import StandardProto

/// One request in the middle of its life, as the services tell of it.
enum Example {
  static let requestID = "019aa000-0000-7000-8000-000000000001"
  static let grantID = "019aa000-0000-7000-8000-000000000002"
  static let digest = [UInt8](repeating: 0xAB, count: 32)

  static func time(_ offset: Duration) -> GoogleProtobuf.Timestamp {
    .init(nanosecondsSinceEpoch: (Scene.now + offset).nanoseconds)
  }

  static let asked = CommonV1.AccessRequest(
    requestID: requestID, tenantID: "acme", workload: "exchange",
    engineer: .init(
      issuer: "https://provider.lockbox.test", id: "erin", displayName: "Erin Engineer"),
    reasonCode: .customerInitiatedSupport, justification: "Mail loops\nsince Monday",
    ticket: "T-4711",
    scope: .init(resources: ["mailboxes/alice@acme.test"], actions: [.read, .export]),
    duration: .init(.hours(2)), receiveTime: time(.minutes(-5)))

  static let status = IntakeV1.AccessRequestStatus(
    accessRequest: asked, requestDigest: digest, state: .received, updateTime: time(.minutes(-5)))

  static let record = ApprovalsV1.AccessRequestRecord(
    accessRequest: asked, requestDigest: digest, state: .awaitingCustomer,
    stages: [
      .init(
        name: "managers", side: .provider, quorum: 2, approvals: 2, lifetime: .init(.hours(12))),
      .init(
        name: "customer", side: .customer, quorum: 1, approvals: 0, lifetime: .init(.hours(12))),
    ],
    openStage: 1, deadline: time(.hours(11)),
    decisions: [
      .init(
        stage: 0, side: .provider, verdict: .approve,
        approver: .init(
          issuer: "https://provider.lockbox.test", id: "mia", displayName: "Mia Manager"),
        comment: "seen", decideTime: time(.minutes(-2)), requestDigest: digest)
    ],
    updateTime: time(.minutes(-1)))

  static let grant = CommonV1.Grant(
    grantID: grantID, requestID: requestID, tenantID: "acme", engineer: asked.engineer,
    scope: asked.scope, startTime: time(.zero), endTime: time(.hours(2)), requestDigest: digest)

  static var approved: ApprovalsV1.AccessRequestRecord {
    var record = record
    record.state = .approved
    record.grant = grant
    record.deadline = grant.endTime
    return record
  }
}
