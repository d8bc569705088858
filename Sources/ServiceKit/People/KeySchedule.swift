internal import Domain

/// When keys that come over the network are fetched, and until when those that were are taken.
struct KeySchedule: Hashable, Sendable {
  /// A known key set is asked for again after the time that its server allows, within these bounds.
  static let refresh: ClosedRange<Duration> = .seconds(60) ... .hours(1)
  /// Where the server says nothing.
  static let usualRefresh = Duration.seconds(300)
  /// The pause after a failure, doubled with each further one.
  static let retry: ClosedRange<Duration> = .seconds(5) ... .seconds(60)
  /// An unknown key id makes no more than one request in this time, whoever sends it.
  static let pauseBetweenQuestions = Duration.seconds(10)

  /// How long keys are taken without having been seen again.
  let longestAge: Duration
  private(set) var lastSuccess: Timestamp?
  private var lastTry: Timestamp?
  private var due: Timestamp?
  private var failures = 0

  init(longestAge: Duration) { self.longestAge = longestAge }

  /// Whether it is time to fetch by itself.
  func isDue(at now: Timestamp) -> Bool { due.map { $0 <= now } ?? true }

  /// Whether somebody's unknown key id may cause a fetch.
  func mayAsk(at now: Timestamp) -> Bool {
    guard let lastTry else { return true }
    return now - lastTry >= Self.pauseBetweenQuestions
  }

  /// From then on the keys count no more; the past, where there never were any.
  var end: Timestamp { lastSuccess.map { $0 + longestAge } ?? .distantPast }

  mutating func succeeded(at now: Timestamp, freshness: Duration?) {
    lastTry = now
    lastSuccess = now
    failures = 0
    let wanted = freshness ?? Self.usualRefresh
    due = now + min(max(wanted, Self.refresh.lowerBound), Self.refresh.upperBound)
  }

  mutating func failed(at now: Timestamp) {
    lastTry = now
    let factor = 1 << min(failures, 10)
    failures += 1
    due = now + min(Self.retry.lowerBound * factor, Self.retry.upperBound)
  }
}
