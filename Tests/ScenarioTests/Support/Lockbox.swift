internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import TestKit
internal import Testing

/// Lockbox as its people use it: one function a call.
struct Lockbox: Sendable {
  let cast: Cast
  /// Of the people listeners.
  let clients: [ServiceName: RPCClient]

  func client(_ service: ServiceName) -> RPCClient {
    guard let client = clients[service] else { preconditionFailure("\(service) is not there") }
    return client
  }

  // MARK: Asking

  /// What an engineer asks for.
  struct Ask: Sendable {
    var key = RequestID.make(at: SystemClock().now()).description
    var tenant = "acme"
    var workload = "mail"
    var justification = "the mailbox does not open"
    var duration = Duration.seconds(600)
    /// The grant to continue.
    var extends = ""
    var isBreakGlass = false

    var message: IntakeV1.SubmitAccessRequestRequest {
      .init(
        idempotencyKey: key, tenantID: tenant, workload: workload,
        reasonCode: .customerInitiatedSupport, justification: justification, ticket: "T-1",
        scope: .init(resources: ["mailboxes/alice"], actions: [.read]),
        duration: .init(duration), extendsGrantID: extends, breakGlass: isBreakGlass)
    }
  }

  func submit(
    _ ask: Ask, by engineer: Person? = nil
  ) async throws -> IntakeV1.AccessRequestStatus {
    try #require(
      try await client(.intake).unary(
        IntakeV1.IntakeService.submitAccessRequest, ask.message,
        options: (engineer ?? cast.engineer).options
      ).accessRequest)
  }

  /// Submits, and waits until approvals has taken the request up.
  func open(_ ask: Ask, by engineer: Person? = nil) async throws -> Record {
    try await opened(id(try await submit(ask, by: engineer)))
  }

  func withdraw(_ id: String, by engineer: Person? = nil) async throws {
    _ = try await client(.intake).unary(
      IntakeV1.IntakeService.withdrawAccessRequest, .init(requestID: id, comment: "not needed"),
      options: (engineer ?? cast.engineer).options)
  }

  func id(_ status: IntakeV1.AccessRequestStatus) throws -> String {
    try #require(status.accessRequest?.requestID)
  }

  // MARK: Deciding

  typealias Record = ApprovalsV1.AccessRequestRecord

  func record(_ id: String, as person: Person? = nil) async throws -> Record {
    try #require(
      try await client(.approvals).unary(
        ApprovalsV1.ApprovalsService.getAccessRequest, .init(requestID: id),
        options: (person ?? cast.managers[0]).options
      ).accessRequest)
  }

  /// The record, once approvals has heard of it.
  func opened(_ id: String) async throws -> Record {
    var found: Record?
    _ = try await eventually {
      do {
        found = try await record(id)
        return true
      } catch let error as RPCError where error.code == .notFound {
        return false
      }
    }
    return try #require(found)
  }

  /// The record, once it is in `state`.
  func record(
    _ id: String, in state: CommonV1.AccessRequestState
  ) async throws -> Record {
    var found = try await opened(id)
    _ = try await eventually {
      found = try await record(id)
      return found.state == state
    }
    #expect(found.state == state)
    return found
  }

  /// Decides at the stage that is open in `record`.
  @discardableResult
  func decide(
    _ record: Record, _ verdict: CommonV1.Verdict = .approve, by person: Person,
    stage: UInt32? = nil, digest: [UInt8]? = nil
  ) async throws -> Record {
    try #require(
      try await client(.approvals).unary(
        ApprovalsV1.ApprovalsService.decideAccessRequest,
        .init(
          requestID: record.accessRequest?.requestID ?? "", verdict: verdict, comment: "seen",
          requestDigest: digest ?? record.requestDigest, stage: stage ?? record.openStage),
        options: person.options
      ).accessRequest)
  }

  /// Both managers approve.
  func managersApprove(_ record: Record) async throws -> Record {
    try await decide(
      try await decide(record, by: cast.managers[0]), by: cast.managers[1])
  }

  /// Submits and approves at every stage.
  func grant(_ ask: Ask) async throws -> Record {
    let record = try await managersApprove(try await open(ask))
    guard record.state == .awaitingCustomer else { return record }
    return try await decide(record, by: cast.customer(ask.tenant).approver)
  }

  // MARK: Using

  func token(_ record: Record, by engineer: Person? = nil) async throws
    -> ApprovalsV1.IssueAccessTokenResponse
  {
    try await client(.approvals).unary(
      ApprovalsV1.GrantService.issueAccessToken, .init(grantID: record.grant?.grantID ?? ""),
      options: (engineer ?? cast.engineer).options)
  }

  @discardableResult
  func revoke(_ record: Record) async throws -> Record {
    let tenant = record.accessRequest?.tenantID ?? ""
    return try #require(
      try await client(.approvals).unary(
        ApprovalsV1.ApprovalsService.revokeGrant,
        .init(grantID: record.grant?.grantID ?? "", comment: "enough"),
        options: cast.customer(tenant).approver.options
      ).accessRequest)
  }

  func giveBack(_ record: Record) async throws {
    _ = try await client(.approvals).unary(
      ApprovalsV1.GrantService.returnGrant, .init(grantID: record.grant?.grantID ?? ""),
      options: cast.engineer.options)
  }
}

/// The error that `body` throws; records an issue where it throws none.
func refusal<Value>(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Value
) async throws -> RPCError {
  let error = await #expect(throws: RPCError.self, sourceLocation: sourceLocation) {
    _ = try await body()
  }
  return try #require(error, sourceLocation: sourceLocation)
}
