internal import Domain

/// A session as it is kept: who stole it could neither use nor read it.
struct StoredSession: Hashable, Sendable {
  let key: SessionKey
  let createTime: Timestamp
  var seenTime: Timestamp
  let endTime: Timestamp
  /// `SignedIn`, sealed.
  var sealed: [UInt8]
}

/// A sign-in that was begun and not finished.
struct StoredAttempt: Hashable, Sendable {
  let key: SessionKey
  let endTime: Timestamp
  /// `SignInAttempt`, sealed.
  let sealed: [UInt8]
}

/// Where sessions live. What returns is durable.
protocol SessionStore: Sendable {
  func insert(_ session: StoredSession) async throws
  func session(_ key: SessionKey) async throws -> StoredSession?
  /// Somebody was there.
  func touch(_ key: SessionKey, at moment: Timestamp) async throws
  /// New tokens for the same session; nothing where it is gone meanwhile.
  func update(_ key: SessionKey, sealed: [UInt8]) async throws
  /// The old one ends in the same moment in which the new one begins.
  /// - Returns: whether there was an old one; else nothing was inserted.
  func replace(_ old: SessionKey, with session: StoredSession) async throws -> Bool
  func remove(_ key: SessionKey) async throws

  /// Beyond `mostAttempts` the oldest goes.
  func insert(_ attempt: StoredAttempt) async throws
  /// Gives an attempt out once.
  func take(_ key: SessionKey) async throws -> StoredAttempt?

  /// Forgets sessions that have ended or that nobody was at since a moment, and attempts that have
  /// ended.
  func sweep(at now: Timestamp, unseenSince: Timestamp) async throws
  func count() async throws -> Int
}

enum SessionLimits {
  /// Sign-ins under way: what strangers can make us keep, some 3 MB.
  static let mostAttempts = 10_000
}
