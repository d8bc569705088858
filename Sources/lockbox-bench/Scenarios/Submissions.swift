internal import CommandLine
internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import StandardProto

/// Requests as an engineer submits them.
struct Submissions: Sendable {
  private let services: Services
  private let engineer: Metadata
  private let template: IntakeV1.SubmitAccessRequestRequest
  private let clock = SystemClock()

  init(_ people: People, _ services: Services) throws {
    self.services = services
    engineer = try services.identity(of: people.engineer)
    template = Self.template(tenant: people.tenant, workload: people.workload)
  }

  var scenario: Scenario {
    Scenario(name: "submit", method: IntakeV1.IntakeService.submitAccessRequest.path) {
      call throws(RPCError) in
      _ = try await submit(call.lane)
    }
  }

  func submit(_ lane: Int) async throws(RPCError) -> IntakeV1.AccessRequestStatus {
    let answer = try await services.intake[lane].unary(
      IntakeV1.IntakeService.submitAccessRequest, Self.request(template, at: clock.now()),
      options: CallOptions(metadata: engineer))
    guard let status = answer.accessRequest else {
      throw RPCError(.internal, "intake's answer holds no request")
    }
    return status
  }

  /// A request of usual size.
  static func template(tenant: String, workload: String) -> IntakeV1.SubmitAccessRequestRequest {
    IntakeV1.SubmitAccessRequestRequest(
      tenantID: tenant, workload: workload, reasonCode: .customerInitiatedSupport,
      justification: """
        Customer reports that mail to one mailbox loops since this morning; need to read the \
        transport headers of the affected messages to find the rule that sends them back.
        """,
      ticket: "T-4711",
      scope: CommonV1.Scope(resources: ["mailboxes/alice@example.com"], actions: [.read]),
      duration: GoogleProtobuf.Duration(seconds: 3_600))
  }

  /// The template with an idempotency key of its own: ordered by time, as UUIDv7 are.
  static func request(
    _ template: IntakeV1.SubmitAccessRequestRequest, at time: Timestamp
  ) -> IntakeV1.SubmitAccessRequestRequest {
    var request = template
    request.idempotencyKey = RequestID.make(at: time).description
    return request
  }
}
