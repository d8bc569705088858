public import Domain
public import LockboxProto

extension CommonV1.Subject {
  public init(_ subject: Subject) {
    self.init(issuer: subject.issuer, id: subject.id, displayName: subject.displayName)
  }
}

extension Subject {
  public init(_ message: CommonV1.Subject) {
    self.init(issuer: message.issuer, id: message.id, displayName: message.displayName)
  }
}
