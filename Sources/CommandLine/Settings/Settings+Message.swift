internal import Domain
internal import LockboxProto
internal import StandardProto

extension TenantSettings {
  var message: CommonV1.TenantSettings {
    CommonV1.TenantSettings(
      tenantID: tenant.text, displayName: displayName, lockboxEnabled: lockboxEnabled,
      requestLifetime: .init(requestLifetime), longestAccess: .init(longestAccess),
      approvers: approvers.message, contacts: contacts,
      requireSignedDecisions: requiresSignedDecisions, keyWaitingTime: .init(keyWaitingTime))
  }
}

extension WorkloadPolicy {
  var message: CommonV1.WorkloadPolicy {
    CommonV1.WorkloadPolicy(
      workload: workload.text,
      stages: stages.map {
        CommonV1.ProviderStage(
          name: $0.name, approvers: $0.approvers.message, lifetime: .init($0.lifetime))
      })
  }
}

extension Approvers {
  fileprivate var message: CommonV1.Approvers {
    CommonV1.Approvers(
      people: people.sorted(), groups: groups.sorted(), quorum: UInt32(clamping: quorum))
  }
}
