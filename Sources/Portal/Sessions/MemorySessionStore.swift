internal import Domain
internal import Synchronization

/// Sessions that end with the process: for tests.
final class MemorySessionStore: SessionStore {
  private struct State {
    var sessions: [SessionKey: StoredSession] = [:]
    var attempts: [SessionKey: StoredAttempt] = [:]
  }

  private let state = Mutex(State())
  private let mostAttempts: Int

  init(mostAttempts: Int = SessionLimits.mostAttempts) { self.mostAttempts = mostAttempts }

  func insert(_ session: StoredSession) async throws {
    state.withLock { $0.sessions[session.key] = session }
  }

  func session(_ key: SessionKey) async throws -> StoredSession? {
    state.withLock { $0.sessions[key] }
  }

  func touch(_ key: SessionKey, at moment: Timestamp) async throws {
    state.withLock { $0.sessions[key]?.seenTime = moment }
  }

  func update(_ key: SessionKey, sealed: [UInt8]) async throws {
    state.withLock { $0.sessions[key]?.sealed = sealed }
  }

  func replace(_ old: SessionKey, with session: StoredSession) async throws -> Bool {
    state.withLock { state in
      guard state.sessions.removeValue(forKey: old) != nil else { return false }
      state.sessions[session.key] = session
      return true
    }
  }

  func remove(_ key: SessionKey) async throws {
    state.withLock { $0.sessions[key] = nil }
  }

  func insert(_ attempt: StoredAttempt) async throws {
    state.withLock { state in
      state.attempts[attempt.key] = attempt
      guard state.attempts.count > mostAttempts,
        let oldest = state.attempts.values.min(by: { $0.endTime < $1.endTime })
      else { return }
      state.attempts[oldest.key] = nil
    }
  }

  func take(_ key: SessionKey) async throws -> StoredAttempt? {
    state.withLock { $0.attempts.removeValue(forKey: key) }
  }

  func sweep(at now: Timestamp, unseenSince: Timestamp) async throws {
    state.withLock { state in
      state.sessions = state.sessions.filter {
        $0.value.endTime > now && $0.value.seenTime > unseenSince
      }
      state.attempts = state.attempts.filter { $0.value.endTime > now }
    }
  }

  func count() async throws -> Int { state.withLock { $0.sessions.count } }
}
