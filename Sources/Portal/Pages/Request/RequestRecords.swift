internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit

extension Visit {
  /// The request that the route names as `:id`.
  ///
  /// - Throws: `Failure.notFound` for what is no id; what the API says.
  func request() async throws -> ApprovalsV1.AccessRequestRecord {
    try await record(of: parameter("id"))
  }

  /// A request as approvals knows it; one that it has not opened yet, as intake does, for the
  /// provider's people.
  func record(of id: String) async throws -> ApprovalsV1.AccessRequestRecord {
    guard let id = RequestID(id) else { throw Failure.notFound }
    do throws(RPCError) {
      let answer = try await api.call(
        ApprovalsV1.ApprovalsService.getAccessRequest, .init(requestID: id.description))
      return answer.accessRequest ?? .init()
    } catch {
      guard error.code == .notFound, tenant == nil else { throw error }
      let answer = try await api.call(
        IntakeV1.IntakeService.getAccessRequest, .init(requestID: id.description))
      return .init(answer.accessRequest ?? .init())
    }
  }

  /// The request of the grant that the route names as `:id`.
  func requestOfGrant() async throws -> ApprovalsV1.AccessRequestRecord {
    guard let id = GrantID(parameter("id")) else { throw Failure.notFound }
    let answer = try await api.call(
      ApprovalsV1.GrantService.getGrant, .init(grantID: id.description))
    return try await record(of: answer.grant?.grant?.requestID ?? "")
  }

  /// Under which entry of the navigation its requests are.
  var requestsArea: Area {
    guard tenant == nil else { return .requests }
    return person.has(.manager) ? .queue : .own
  }

  /// A page that says that nothing was done, why, and where the request stands now; what is wrong
  /// otherwise goes on.
  func refused(_ error: any Error, on id: String) async throws -> Reply {
    guard let error = error as? RPCError,
      error.code == .failedPrecondition || error.code == .alreadyExists
    else { throw error }
    return await refused(error.reason ?? "", on: id)
  }

  func refused(_ reason: String, on id: String) async -> Reply {
    let record = try? await record(of: id)
    var page = Page(
      "decide-refused", title: texts("refused.title"), area: requestsArea,
      RefusedPage(reason, record, reading))
    page.status = 409
    return .page(page)
  }
}

/// The view model of `decide-refused.mustache`.
struct RefusedPage: Sendable {
  let sentence: String
  let state: StateMark?
  let path: String?

  init(_ reason: String, _ record: ApprovalsV1.AccessRequestRecord?, _ reading: Reading) {
    sentence = reading.texts.find("reason.\(reason.lowercased())") ?? reading.texts("refused.other")
    state = record.map { StateMark($0.state, reading) }
    path = record?.accessRequest.map { "/requests/\($0.requestID)" }
  }
}

extension ApprovalsV1.AccessRequestRecord {
  /// What intake knows, before approvals knows more.
  init(_ status: IntakeV1.AccessRequestStatus) {
    self.init(
      accessRequest: status.accessRequest, requestDigest: status.requestDigest,
      state: status.state, deadline: status.deadline, updateTime: status.updateTime)
  }
}
