internal import Domain
internal import RPC
internal import ServiceKit

extension IntakeTransaction {
  /// What can be known of an extension before approvals opens it. Approvals looks again, at what was
  /// granted and at what became of it meanwhile.
  func checkExtension(_ asked: AskedAccess, by engineer: Subject) throws {
    guard let grant = asked.extends else { return }
    guard let earlier = try request(ofGrant: grant), earlier.engineer == engineer,
      earlier.tenant == asked.tenant
    else { throw RPCError.notFound("grant") }
    let state = earlier.progress.state(at: now)
    guard state == .approved else { throw RPCError.refused(.grantNotLive, state: state) }
    let request = try AccessRequest(stored: earlier.accessRequest)
    var violations = Violations()
    violations.require(
      request.workload == asked.workload, "workload", "is not the grant's, \(request.workload)")
    violations.require(
      asked.scope.isWithin(request.scope), "scope", "goes beyond that of the grant to continue")
    try violations.check()
  }
}
