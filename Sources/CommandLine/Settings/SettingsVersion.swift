internal import LockboxProto
internal import ProtobufC
internal import StandardProto

/// A version of settings as the service keeps it.
struct SettingsVersion {
  /// As the service answered it.
  let message: any Message
  let content: SettingsContent
  let version: UInt64
  let applyTime: GoogleProtobuf.Timestamp?
  let appliedBy: CommonV1.Subject?

  init(_ tenant: ApprovalsV1.Tenant) {
    message = tenant
    content = .tenant(tenant.settings ?? .init())
    version = tenant.version
    applyTime = tenant.applyTime
    appliedBy = tenant.appliedBy
  }

  init(_ policy: ApprovalsV1.Policy) {
    message = policy
    content = .policy(policy.policy ?? .init())
    version = policy.version
    applyTime = policy.applyTime
    appliedBy = policy.appliedBy
  }
}
