internal import CommandLine
internal import LockboxProto
internal import ProtobufC
internal import RPC

/// The whole life of a request, up to the access token.
struct Life: Sendable {
  private typealias Approvals = ApprovalsV1.ApprovalsService

  private let services: Services
  private let submissions: Submissions
  private let engineer: Metadata
  private let managers: [Metadata]
  private let approver: Metadata

  /// How long one service may take to hear of another's change.
  private static let patience = Duration.seconds(10)

  init(_ people: People, _ services: Services) throws {
    self.services = services
    submissions = try Submissions(people, services)
    engineer = try services.identity(of: people.engineer)
    managers = try people.manager.map { try services.identity(of: $0) }
    approver = try services.identity(of: people.approver)
  }

  var scenario: Scenario {
    Scenario(
      name: "life",
      steps: [
        ("submit", IntakeV1.IntakeService.submitAccessRequest.path), ("opened", nil),
        ("manager", Approvals.decideAccessRequest.path),
        ("customer", Approvals.decideAccessRequest.path),
        ("token", ApprovalsV1.GrantService.issueAccessToken.path),
      ], run: run)
  }

  @Sendable private func run(_ call: Call) async throws(RPCError) {
    let lane = call.lane
    let submitted = try await call.step("submit") { () async throws(RPCError) in
      try await submissions.submit(lane)
    }
    let id = submitted.accessRequest?.requestID ?? ""
    var record = try await call.step("opened") { () async throws(RPCError) in
      try await opened(id, lane)
    }
    for manager in managers {
      record = try await call.step("manager") { () async throws(RPCError) in
        try await approve(record, as: manager, lane)
      }
    }
    record = try await call.step("customer") { () async throws(RPCError) in
      try await approve(record, as: approver, lane)
    }
    guard let grant = record.grant else {
      throw RPCError(.internal, "approved by all, and no grant")
    }
    _ = try await call.step("token") { () async throws(RPCError) in
      try await services.approvals[lane].unary(
        ApprovalsV1.GrantService.issueAccessToken,
        ApprovalsV1.IssueAccessTokenRequest(grantID: grant.grantID),
        options: CallOptions(metadata: engineer))
    }
  }

  /// Asks until approvals has heard of the request from intake's feed.
  private func opened(
    _ id: String, _ lane: Int
  ) async throws(RPCError) -> ApprovalsV1.AccessRequestRecord {
    let end = ContinuousClock.now + Self.patience
    while true {
      do throws(RPCError) {
        let answer = try await services.approvals[lane].unary(
          Approvals.getAccessRequest, ApprovalsV1.GetAccessRequestRequest(requestID: id),
          options: CallOptions(metadata: managers.first ?? approver))
        if let record = answer.accessRequest { return record }
      } catch {
        guard error.code == .notFound && ContinuousClock.now < end else { throw error }
        try? await Task.sleep(for: .milliseconds(1))
      }
    }
  }

  private func approve(
    _ record: ApprovalsV1.AccessRequestRecord, as person: Metadata, _ lane: Int
  ) async throws(RPCError) -> ApprovalsV1.AccessRequestRecord {
    let answer = try await services.approvals[lane].unary(
      Approvals.decideAccessRequest,
      ApprovalsV1.DecideAccessRequestRequest(
        requestID: record.accessRequest?.requestID ?? "", verdict: .approve,
        requestDigest: record.requestDigest, stage: record.openStage),
      options: CallOptions(metadata: person))
    guard let record = answer.accessRequest else {
      throw RPCError(.internal, "approvals' answer holds no request")
    }
    return record
  }
}
