internal import Domain
internal import LockboxProto
internal import RPC

extension Session {
  /// A request from approvals, which knows most; from intake for those who may not ask there
  /// (operators), and for what approvals has not opened yet.
  func request(_ id: RequestID) async throws(Failure) -> Request {
    let first: RPCError
    do {
      let response = try await attempt(
        ApprovalsV1.ApprovalsService.getAccessRequest, .init(requestID: id.description),
        at: .approvals)
      return .record(response.accessRequest ?? .init())
    } catch {
      first = error
    }
    guard first.code == .permissionDenied || first.code == .notFound else {
      throw Failure(first, from: .approvals, configuration)
    }
    do {
      let response = try await attempt(
        IntakeV1.IntakeService.getAccessRequest, .init(requestID: id.description), at: .intake)
      return .status(response.accessRequest ?? .init())
    } catch {
      // A customer's people may ask only approvals: its answer is the one that means something.
      if error.code == .permissionDenied { throw Failure(first, from: .approvals, configuration) }
      throw Failure(error, from: .intake, configuration)
    }
  }
}
