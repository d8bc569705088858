internal import Domain
internal import LockboxProto
internal import ServiceKit

extension Visit {
  /// Whether buttons are shown; the API decides.
  var mayChangeSettings: Bool { tenant != nil && person.roles.contains(.admin) }

  /// Whether it is offered to register a key of one's own.
  var mayRegisterKeys: Bool { !person.roles.isDisjoint(with: [.approver, .admin]) }

  func isOwn(_ key: CommonV1.ApproverKey) -> Bool {
    key.approver?.id == person.subject.id && key.approver?.issuer == person.subject.issuer
  }
}
