internal import Domain
internal import RPC
internal import ServiceKit

extension Caller {
  /// The log that a person asks for, if it is theirs to read.
  ///
  /// - Throws: a violation for what is no tenant id; `notFound` for foreign and missing alike (I6).
  func log(_ tenantID: String) throws -> LogName {
    let log = try LogName(field: "tenant_id", tenantID)
    let tenant: TenantID? =
      switch log {
      case .provider: nil
      case .tenant(let tenant): tenant
      }
    guard mayReadLog(of: tenant) else { throw RPCError.notFound("log") }
    return log
  }
}

extension LogName {
  init(field: String, _ tenantID: String) throws {
    guard let log = LogName(tenantID: tenantID) else {
      throw Violation(
        field: field,
        problem: "must be empty or 1 to 63 of a–z, 0–9 and -, beginning with a letter")
    }
    self = log
  }
}
