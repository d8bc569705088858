internal import NIOCore

/// How long a connection is waited for at each of its turns. Pure: moments come in from outside.
struct Pace {
  /// Why a connection is ended.
  enum Failing: String, CaseIterable, Sendable {
    /// A request's head did not come in time.
    case head = "slow_head"
    case body = "slow_body"
    /// No request came for so long.
    case idle
    /// A handler did not answer, nor give up.
    case answer = "no_answer"
    /// The caller takes nothing of the answer.
    case stall = "slow_reader"
  }

  private enum Reading { case handshake, head, idle, body, whole }

  private let limits: WebLimits
  private var reading = Reading.handshake
  private var readDeadline: NIODeadline?
  /// Requests that have come whole and are not answered.
  private var unanswered = 0
  private var unsent = 0
  private var sendDeadline: NIODeadline?

  init(_ limits: WebLimits) { self.limits = limits }

  /// The next moment at which `failing` may say something.
  var deadline: NIODeadline? {
    [readDeadline, sendDeadline].compactMap(\.self).min()
  }

  /// Whether an answer of our own may still be said without being taken for another's.
  var isBetweenAnswers: Bool { unanswered == 0 && unsent == 0 && reading != .handshake }

  func failing(at now: NIODeadline) -> Failing? {
    if let sendDeadline, now >= sendDeadline { return .stall }
    guard let readDeadline, now >= readDeadline else { return nil }
    switch reading {
    case .handshake: return nil
    case .head: return .head
    case .idle: return .idle
    case .body: return .body
    case .whole: return .answer
    }
  }

  mutating func handshakeEnded(at now: NIODeadline) { turn(.head, limits.head, now) }

  mutating func bytesCame(at now: NIODeadline) {
    if reading == .idle { turn(.head, limits.head, now) }
  }

  mutating func headCame(at now: NIODeadline) { turn(.body, limits.body, now) }

  mutating func requestEnded(at now: NIODeadline) {
    unanswered += 1
    // The handler's own limit comes first: this is for one that does not heed it.
    turn(.whole, limits.answer + limits.stall, now)
  }

  mutating func willSend(at now: NIODeadline) {
    // Whoever answers piece by piece has answered so far.
    if reading == .whole { turn(.whole, limits.answer + limits.stall, now) }
    unsent += 1
    if unsent == 1 { sendDeadline = now + TimeAmount(limits.stall) }
  }

  mutating func sent(at now: NIODeadline) {
    unsent -= 1
    sendDeadline = unsent == 0 ? nil : now + TimeAmount(limits.stall)
  }

  mutating func answered(at now: NIODeadline) {
    // An answer may come before the end of its request.
    unanswered = max(0, unanswered - 1)
    if unanswered == 0, reading == .whole { turn(.idle, limits.idle, now) }
  }

  private mutating func turn(_ reading: Reading, _ limit: Duration, _ now: NIODeadline) {
    self.reading = reading
    readDeadline = now + TimeAmount(limit)
  }
}
