public import Domain

/// What came of sending one message.
public enum DeliveryOutcome: Hashable, Sendable {
  case delivered
  /// Nothing was heard, or the receiver is not well: the next attempt may be good.
  case failed(String, retryAfter: Duration?)
  /// The receiver does not take this message, whatever it does with others.
  case refused(String)
  /// The receiver is gone for good (410).
  case gone
}

/// What an HTTP answer to a webhook means (Standard Webhooks 1.0.0, "Delivery success and failure").
extension DeliveryOutcome {
  /// - Parameter now: for a `Retry-After` that names a moment.
  public init(_ answer: OutboundAnswer, now: Timestamp) {
    switch answer.status {
    case 200..<300: self = .delivered
    case 410: self = .gone
    // A redirection is not followed: where entries go is said by the destination alone.
    case 300..<400:
      self = .failed(
        "the receiver answered \(answer.status): redirections are not followed", retryAfter: nil)
    case 400, 413, 414, 415, 422: self = .refused("the receiver answered \(answer.status)")
    default:
      self = .failed(
        "the receiver answered \(answer.status)",
        retryAfter: answer.retryAfter.flatMap { RetryAfter.delay($0, now: now) })
    }
  }
}

/// `Retry-After` (RFC 9110 §10.2.3).
public enum RetryAfter {
  /// Seconds, or the time until a moment; nil for neither, and for a moment that is over.
  public static func delay(_ text: String, now: Timestamp) -> Duration? {
    let text = text.trimmingSpaces
    if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      return .seconds(Int32(text) ?? .max)
    }
    guard let moment = date(text), moment > now else { return nil }
    return moment - now
  }

  /// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7); the obsolete forms are not read.
  static func date(_ text: String) -> Timestamp? {
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 6, words[0].hasSuffix(","), words[5] == "GMT",
      let month = months.firstIndex(of: String(words[2])), words[1].utf8.count == 2,
      words[3].utf8.count == 4
    else { return nil }
    let number = month + 1 < 10 ? "0\(month + 1)" : "\(month + 1)"
    return Timestamp(rfc3339: "\(words[3])-\(number)-\(words[1])T\(words[4])Z")
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
}

extension String {
  fileprivate var trimmingSpaces: String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }
}
