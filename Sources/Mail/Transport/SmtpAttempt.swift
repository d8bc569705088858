/// What a mail server and libcurl say to each other during one attempt: pure, fed line by line.
struct SmtpDialogue: Hashable, Sendable {
  /// The last command but `QUIT`; empty before the first: the server's greeting is awaited.
  private(set) var command = ""
  /// The last whole reply's code; 0: there was none.
  private(set) var code = 0
  /// Its text without the codes, lines joined.
  private(set) var text = ""
  private var isWhole = true
  private var isOver = false

  /// Of a server that talks much, so much is kept.
  static let longestText = 512

  /// - Parameter line: what the client sent, such as `MAIL FROM:<a@b.test>`; of a login, whatever it
  ///   holds.
  mutating func sent(_ line: some Collection<UInt8>) {
    guard !isOver else { return }
    let word = line.prefix(8).prefix { $0 > 0x20 }
    // How a connection is left says nothing of the mail.
    isOver = word.elementsEqual("QUIT".utf8)
    if !isOver { command = String(decoding: word, as: UTF8.self).uppercased() }
  }

  /// - Parameter line: such as `250-PIPELINING` or `550 5.1.1 unknown`, with or without its end.
  mutating func received(_ line: some Collection<UInt8>) {
    guard !isOver else { return }
    var line = Array(line)[...]
    while let last = line.last, last == 0x0d || last == 0x0a { line.removeLast() }
    let digits = line.prefix(3)
    guard digits.count == 3, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return }
    if isWhole { text = "" }
    code = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    isWhole = line.dropFirst(3).first != UInt8(ascii: "-")
    let words = line.dropFirst(4).map { (0x20...0x7e).contains($0) ? $0 : UInt8(ascii: "?") }
    let room = Self.longestText - text.utf8.count
    guard room > 1, !words.isEmpty else { return }
    text += (text.isEmpty ? "" : " ") + String(decoding: words.prefix(room - 1), as: UTF8.self)
  }

  /// The reply as one line.
  var reply: String { text.isEmpty ? "\(code)" : "\(code) \(text)" }

  /// Of commands about this mail, and the mail itself.
  var isAboutMail: Bool { ["MAIL", "RCPT", "DATA"].contains(command) }
}

/// How an attempt ended.
struct SmtpAttempt: Hashable, Sendable {
  enum End: Hashable, Sendable {
    case done
    /// The caller gave it up.
    case cancelled
    /// In libcurl's words.
    case fault(String)
  }

  let end: End
  let dialogue: SmtpDialogue
  /// All of the mail was handed to the connection: its end is sent, or just about to be.
  let isContentSent: Bool

  /// `DATA` was answered with it; the next reply is the one to the mail itself.
  private static let startMailInput = 354
  /// Authentication required or failed, or TLS required (RFC 4954 §6, RFC 3207 §4): what befalls every
  /// mail says nothing of this one.
  private static let loginCodes: Set<Int> = [530, 534, 535, 538]

  var outcome: MailOutcome {
    let code = dialogue.code
    switch end {
    case .done:
      return .accepted(reply: dialogue.reply)
    case .fault
    where dialogue.isAboutMail && code >= 500 && !Self.loginCodes.contains(code):
      return .refused(code: code, reply: dialogue.reply)
    case .fault, .cancelled:
      guard isContentSent, code == Self.startMailInput else { return .deferred(reason: reason) }
      return .unknown(
        reason: "the server has the mail and did not say whether it took it over: \(reason)")
    }
  }

  private var reason: String {
    switch end {
    case .done: "done"
    case .cancelled: "it was given up"
    case .fault(let text):
      dialogue.code >= 400 ? "\(text); the server answered \(dialogue.reply)" : text
    }
  }

  /// The end of a connection that the server has left, or was leaving, before it heard of this mail.
  var isOfStaleConnection: Bool {
    guard case .fault = end, ["", "MAIL"].contains(dialogue.command) else { return false }
    return dialogue.code == 0 || dialogue.code == 421
  }
}
