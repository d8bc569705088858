/// Hands mails to a mail server. One attempt each: queue, order and repeats are the caller's.
public protocol MailTransport: Sendable {
  /// Returns when the server has answered, or when nothing more is to be heard of it.
  func send(_ message: MailMessage) async -> MailOutcome
}

/// What came of one attempt to hand over a mail.
public enum MailOutcome: Hashable, Sendable {
  /// The server has taken the mail over.
  ///
  /// - Parameter reply: what it said, for the log: many name their own id of the mail.
  case accepted(reply: String)
  /// The server takes this mail never: a 5xx reply to its sender, its recipient or its content.
  case refused(code: Int, reply: String)
  /// Nothing was taken over; the next attempt may be good. Also what would befall every mail: no
  /// connection, a certificate that does not hold, a password that is refused.
  case deferred(reason: String)
  /// The server has got all of the mail, and was not heard of again before it said whether it took
  /// it over. The next attempt may make a second copy: it is to carry the same message id, and to
  /// say that it may be a repeat.
  case unknown(reason: String)
}
