public import Domain
public import LockboxProto
internal import ProtobufC
internal import RPC
public import ServiceKit

/// A request on its way into the store: checked, with its id, its bytes and its digest.
public struct Acceptance: Sendable {
  private let asked: AskedAccess
  private let engineer: Subject
  private let engineerMail: String
  private let origin: EventOrigin
  private let id: RequestID
  private let bytes: [UInt8]
  private let digest: Digest

  /// Everything that needs no store.
  ///
  /// - Parameters:
  ///   - mail: Where to tell the engineer of every step; empty: nowhere.
  ///   - shortest: The shortest access that may be asked for.
  /// - Throws: `INVALID_ARGUMENT` with every violation.
  public init(
    _ request: IntakeV1.SubmitAccessRequestRequest, from engineer: Subject, mail: String = "",
    origin: EventOrigin, at time: Timestamp, shortest: Duration
  ) throws {
    asked = try AskedAccess(request, shortest: shortest)
    self.engineer = engineer
    engineerMail = mail
    self.origin = origin
    id = RequestID.make(at: time)
    bytes = try asked.accepted(as: id, from: engineer, at: time)
    guard let digest = Digest(Sha256.digest(bytes)) else {
      preconditionFailure("a SHA-256 digest has 32 bytes")
    }
    self.digest = digest
  }

  /// Accepts the request, unless its idempotency key has accepted one before.
  ///
  /// - Returns: what stands in the store from now on.
  public func write(in transaction: any IntakeTransaction) throws -> StoredRequest {
    if let earlier = try transaction.submission(of: engineer, key: asked.key) {
      guard earlier.content == asked.content,
        let stored = try transaction.request(earlier.request)
      else { throw RPCError.idempotencyKeyReused }
      return stored
    }
    try transaction.check(asked)
    try transaction.checkExtension(asked, by: engineer)
    let draft = EventDraft(
      time: transaction.now, tenant: asked.tenant, request: id, origin: origin,
      payload: .accessRequestReceived(
        .init(accessRequest: bytes, requestDigest: digest.bytes, engineerMail: engineerMail)))
    let stored = StoredRequest(
      id: id, accessRequest: bytes, digest: digest, tenant: asked.tenant, engineer: engineer,
      progress: .init(state: .received, updateTime: transaction.now))
    try transaction.insert(
      stored, Submission(engineer: engineer, key: asked.key, content: asked.content, request: id))
    try transaction.append { try draft.serialized(feed: feedName, sequence: $0) }
    return stored
  }
}

extension IntakeTransaction {
  /// What can be known of a request before approvals opens it: better refused now than denied later.
  fileprivate func check(_ asked: AskedAccess) throws {
    guard let longest = try longestAccess(of: asked.tenant) else {
      throw RPCError.notFound("tenant")
    }
    var violations = Violations()
    violations.require(
      try hasPolicy(for: asked.workload), "workload", "has no policy: ask an operator for one")
    violations.require(
      asked.duration <= longest, "duration",
      "is longer than this tenant allows: at most \(longest.components.seconds) seconds")
    try violations.check()
  }
}
