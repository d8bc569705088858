internal import Domain

/// Who is signed in: begins sessions, finds them again, and ends them.
struct Sessions: Sendable {
  let store: any SessionStore
  let clock: any WallClock
  let limits: Limits

  struct Limits: Sendable, Hashable {
    /// A session that nobody was at for this long ends.
    var idle = Duration.minutes(30)
    /// However busy, it ends then.
    var absolute = Duration.hours(8)
    /// Presence is written down at most so often: a commit of the disk each time.
    var touchInterval = Duration.seconds(60)
  }

  /// Begins a session under a new id. One that the browser had before is over: an id that somebody
  /// put there must not become a signed-in one.
  ///
  /// - Parameter endTime: no later than this: nil, where new tokens can be had.
  func begin(
    _ signedIn: SignedIn, endTime: Timestamp?, replacing old: SessionID?
  ) async throws -> Session {
    if let old { try await store.remove(old.key) }
    let now = clock.now()
    let session = Session(
      id: .random(), signedIn: signedIn, createTime: now,
      endTime: min(now + limits.absolute, endTime ?? .distantFuture))
    try await store.insert(stored(session, seen: now))
    return session
  }

  /// The session of an id, if it lives.
  ///
  /// - Parameter isPresence: whether a person asks, rather than a page by itself.
  func find(_ id: SessionID, isPresence: Bool) async throws -> Session? {
    guard let stored = try await store.session(id.key) else { return nil }
    let now = clock.now()
    guard now < stored.endTime, now - stored.seenTime < limits.idle,
      let signedIn = SessionSeal(id).open(stored.sealed).flatMap({ SignedIn($0) })
    else {
      try await store.remove(id.key)
      return nil
    }
    if isPresence, now - stored.seenTime >= limits.touchInterval {
      try await store.touch(id.key, at: now)
    }
    return Session(
      id: id, signedIn: signedIn, createTime: stored.createTime, endTime: stored.endTime)
  }

  /// New tokens for a session, under its old id.
  func renew(_ session: Session, _ signedIn: SignedIn) async throws -> Session {
    try await store.update(
      session.id.key, sealed: SessionSeal(session.id).seal(signedIn.sealable))
    return Session(
      id: session.id, signedIn: signedIn, createTime: session.createTime,
      endTime: session.endTime)
  }

  /// New tokens that allow something else than the old ones: under a new id.
  /// - Returns: nil where the session has ended meanwhile.
  func elevate(_ session: Session, _ signedIn: SignedIn) async throws -> Session? {
    let next = Session(
      id: .random(), signedIn: signedIn, createTime: session.createTime,
      endTime: session.endTime)
    let isReplaced = try await store.replace(
      session.id.key, with: stored(next, seen: clock.now()))
    return isReplaced ? next : nil
  }

  func end(_ id: SessionID) async throws { try await store.remove(id.key) }

  /// Forgets what is over, again and again.
  func sweep(every interval: Duration = .minutes(5)) async throws {
    while !Task.isCancelled {
      let now = clock.now()
      try await store.sweep(at: now, unseenSince: now - limits.idle)
      try? await Task.sleep(for: interval)
    }
  }

  private func stored(_ session: Session, seen: Timestamp) -> StoredSession {
    StoredSession(
      key: session.id.key, createTime: session.createTime, seenTime: seen,
      endTime: session.endTime,
      sealed: SessionSeal(session.id).seal(session.signedIn.sealable))
  }
}
