internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import TestKit
internal import Testing

extension Lockbox {
  /// A tenant whose one approver is anna.
  static func tenant(
    _ id: String, enabled: Bool = true, lifetime: Duration = .hours(12)
  ) -> CommonV1.TenantSettings {
    .init(
      tenantID: id, displayName: "\(id) Ltd", lockboxEnabled: enabled,
      requestLifetime: .init(lifetime), longestAccess: .init(.hours(4)),
      approvers: .init(groups: ["approvers"], quorum: 1), contacts: ["it@\(id).test"])
  }

  /// `mail`: two of the managers. `files`: one of them, then moe.
  static let policies: [CommonV1.WorkloadPolicy] = [
    policy("mail", [("managers", .init(groups: ["managers"], quorum: 2))]),
    policy(
      "files",
      [
        ("managers", .init(groups: ["managers"], quorum: 1)),
        ("security", .init(people: ["moe"], quorum: 1)),
      ]),
  ]

  static func policy(
    _ workload: String, _ stages: [(String, CommonV1.Approvers)]
  ) -> CommonV1.WorkloadPolicy {
    .init(
      workload: workload,
      stages: stages.map { .init(name: $0.0, approvers: $0.1, lifetime: .init(.hours(12))) })
  }

  @discardableResult
  func apply(
    _ settings: CommonV1.TenantSettings, by person: Person? = nil
  ) async throws -> ApprovalsV1.ApplyTenantResponse {
    try await client(.approvals).unary(
      ApprovalsV1.TenantService.applyTenant, .init(settings: settings),
      options: (person ?? cast.operator).options)
  }

  @discardableResult
  func apply(
    _ policy: CommonV1.WorkloadPolicy, by person: Person? = nil
  ) async throws -> ApprovalsV1.ApplyPolicyResponse {
    try await client(.approvals).unary(
      ApprovalsV1.PolicyService.applyPolicy, .init(policy: policy),
      options: (person ?? cast.operator).options)
  }

  /// Applies them, and waits until intake has heard of all.
  func prepare(
    _ tenants: [CommonV1.TenantSettings], _ policies: [CommonV1.WorkloadPolicy] = policies
  ) async throws {
    for policy in policies { try await apply(policy) }
    for tenant in tenants { try await apply(tenant) }
    for tenant in tenants {
      for policy in policies {
        // Longer than the tenant allows: refused for that alone once the rest is known.
        let probe = Ask(
          tenant: tenant.tenantID, workload: policy.workload, duration: .hours(8))
        let isKnown = await eventually {
          do {
            _ = try await submit(probe)
            return false
          } catch let error as RPCError {
            return error.fieldViolations.map(\.field) == ["duration"]
          } catch {
            return false
          }
        }
        try #require(isKnown, "intake does not hear of \(tenant.tenantID), \(policy.workload)")
      }
    }
  }
}
