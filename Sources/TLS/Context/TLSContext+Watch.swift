/// What a look at the files led to.
public enum TLSReload: Sendable, Hashable {
  /// New connections use what the files hold now.
  case reloaded
  /// The files are no good; the old ones stay in use.
  case kept(TLSError)
}

extension TLSContext {
  /// Looks at the files once and reads them when one of them changed, or when the last reading
  /// failed (a certificate may have become valid in the meantime).
  /// - Returns: nil when there is nothing new to tell: no change, or the same failure as before.
  public func reloadIfChanged() -> TLSReload? {
    let (changed, failure) = pending
    guard changed || failure != nil else { return nil }
    do throws(TLSError) {
      try reload()
      return .reloaded
    } catch {
      return error == failure ? nil : .kept(error)
    }
  }

  /// Looks at the files at every interval until the task is cancelled.
  /// - Parameter report: called after each reload and each new failure, for the log.
  public func watch<C: Clock>(
    every interval: Duration = .seconds(5), clock: C = ContinuousClock(),
    report: @Sendable (TLSReload) -> Void
  ) async where C.Duration == Duration {
    while true {
      do { try await clock.sleep(for: interval) } catch { return }
      if let news = reloadIfChanged() { report(news) }
    }
  }
}
