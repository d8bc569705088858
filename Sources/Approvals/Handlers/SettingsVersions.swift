internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit

extension ApprovalsV1.Tenant {
  init(_ tenant: Versioned<TenantSettings>) {
    self.init(
      settings: tenant.value.message, version: tenant.version,
      applyTime: (tenant.applied?.time).map { .init($0) },
      appliedBy: (tenant.applied?.by).map { .init($0) })
  }
}

extension ApprovalsV1.Policy {
  init(_ policy: Versioned<WorkloadPolicy>) {
    self.init(
      policy: policy.value.message, version: policy.version,
      applyTime: (policy.applied?.time).map { .init($0) },
      appliedBy: (policy.applied?.by).map { .init($0) })
  }
}

extension ApprovalsReader {
  /// One version of a tenant's settings, 0 for the newest.
  func tenant(_ id: TenantID, version: UInt64) throws -> Versioned<TenantSettings>? {
    guard version > 0 else { return try tenant(id) }
    guard version < .max else { return nil }
    return try tenantVersions(of: id, before: version + 1, limit: 1)
      .first { $0.version == version }
  }

  /// One version of a workload's policy, 0 for the newest.
  func policy(_ workload: Workload, version: UInt64) throws -> Versioned<WorkloadPolicy>? {
    guard version > 0 else { return try policy(workload) }
    guard version < .max else { return nil }
    return try policyVersions(of: workload, before: version + 1, limit: 1)
      .first { $0.version == version }
  }
}

extension PageRequest {
  /// The version that the page before this one ended with.
  var afterVersion: UInt64 {
    after.flatMap { UInt64(String(decoding: $0, as: UTF8.self)) } ?? .max
  }
}
