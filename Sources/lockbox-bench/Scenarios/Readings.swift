internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import Synchronization

/// Requests as an engineer reads them back.
struct Readings: Sendable {
  private let services: Services
  private let engineer: Metadata
  private let submissions: Submissions
  private let prepared: Prepared

  private final class Prepared: Sendable {
    let ids = Mutex<[String]>([])
  }

  /// Requests to read, submitted before the load begins.
  private static let count = 64

  init(_ people: People, _ services: Services) throws {
    self.services = services
    engineer = try services.identity(of: people.engineer)
    submissions = try Submissions(people, services)
    prepared = Prepared()
  }

  /// One request, another each time.
  var get: Scenario {
    Scenario(
      name: "get", method: IntakeV1.IntakeService.getAccessRequest.path,
      prepare: {
        for lane in 0..<Self.count {
          let status = try await submissions.submit(lane)
          let id = status.accessRequest?.requestID ?? ""
          prepared.ids.withLock { $0.append(id) }
        }
      },
      run: { call throws(RPCError) in
        let id = prepared.ids.withLock { $0[call.number % $0.count] }
        _ = try await services.intake[call.lane].unary(
          IntakeV1.IntakeService.getAccessRequest, IntakeV1.GetAccessRequestRequest(requestID: id),
          options: CallOptions(metadata: engineer))
      })
  }

  /// The newest page of the engineer's requests.
  var list: Scenario {
    Scenario(name: "list", method: IntakeV1.IntakeService.listAccessRequests.path) {
      call throws(RPCError) in
      _ = try await services.intake[call.lane].unary(
        IntakeV1.IntakeService.listAccessRequests, IntakeV1.ListAccessRequestsRequest(pageSize: 50),
        options: CallOptions(metadata: engineer))
    }
  }
}
