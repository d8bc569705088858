/// One refresh of a session at a time: an issuer may take a refresh token only once.
actor Refreshes {
  private var running: [SessionKey: Task<Session?, any Error>] = [:]

  func refreshed(_ session: Session, by signIn: SignIn) async throws -> Session? {
    let key = session.id.key
    if let task = running[key] { return try await task.value }
    let task = Task {
      // Another request may have come between reading the session and here.
      guard let latest = try await signIn.sessions.find(session.id, isPresence: false) else {
        return nil as Session?
      }
      return latest == session ? try await signIn.refreshed(latest) : latest
    }
    running[key] = task
    defer { running[key] = nil }
    return try await task.value
  }
}
