internal import Domain
internal import LockboxProto
internal import StandardProto

extension TenantSettings {
  var message: CommonV1.TenantSettings {
    CommonV1.TenantSettings(
      tenantID: tenant.text, displayName: displayName, lockboxEnabled: lockboxEnabled,
      requestLifetime: .init(requestLifetime), longestAccess: .init(longestAccess),
      approvers: approvers.message, contacts: contacts,
      requireSignedDecisions: requiresSignedDecisions, keyWaitingTime: .init(keyWaitingTime),
      breakGlass: breakGlass?.message)
  }
}

extension WorkloadPolicy {
  var message: CommonV1.WorkloadPolicy {
    CommonV1.WorkloadPolicy(
      workload: workload.text,
      stages: stages.map {
        CommonV1.ProviderStage(
          name: $0.name, approvers: $0.approvers.message, lifetime: .init($0.lifetime))
      }, breakGlass: breakGlass?.message)
  }
}

extension BreakGlassSettings {
  fileprivate var message: CommonV1.BreakGlassSettings {
    CommonV1.BreakGlassSettings(
      reasons: reasons.map(\.rawValue).sorted().map { CommonV1.ReasonCode(rawValue: $0) },
      longestAccess: .init(longestAccess), reviewLifetime: .init(reviewLifetime))
  }
}

extension BreakGlassPolicy {
  fileprivate var message: CommonV1.BreakGlassPolicy {
    CommonV1.BreakGlassPolicy(approvers: approvers.message, lifetime: .init(lifetime))
  }
}

extension Approvers {
  fileprivate var message: CommonV1.Approvers {
    CommonV1.Approvers(
      people: people.sorted(), groups: groups.sorted(), quorum: UInt32(clamping: quorum))
  }
}
