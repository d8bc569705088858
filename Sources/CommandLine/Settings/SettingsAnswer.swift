internal import LockboxProto
internal import ProtobufC

/// What applying settings came to, or would come to.
struct SettingsAnswer {
  /// As the service answered it.
  let message: any Message
  let isChange: Bool
  /// Nil: there was none yet.
  let previous: SettingsVersion?
  let current: SettingsVersion

  init(_ response: ApprovalsV1.ApplyTenantResponse) {
    message = response
    isChange = response.changed
    previous = response.previous.map { SettingsVersion($0) }
    current = SettingsVersion(response.tenant ?? .init())
  }

  init(_ response: ApprovalsV1.ApplyPolicyResponse) {
    message = response
    isChange = response.changed
    previous = response.previous.map { SettingsVersion($0) }
    current = SettingsVersion(response.policy ?? .init())
  }

  func differences() throws(Failure) -> [TreeDifference] {
    TreeDifference.between(try previous?.content.tree(), try current.content.tree())
  }
}
