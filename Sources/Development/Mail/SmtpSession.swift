internal import Domain

/// Limits of one connection of the mail catcher. What it is sent is made by us: it is strict, so that
/// mistakes show.
struct SmtpLimits: Hashable, Sendable {
  /// Without its end: RFC 5321 §4.5.3.1.4, and what `AUTH` and addresses may add.
  var commandBytes = 1_024
  /// Without its end: RFC 5321 §4.5.3.1.6.
  var textLineBytes = 998
  var mailBytes = 1 << 20
  var recipients = 100
  /// Between two things that the client says.
  var idle = Duration.seconds(60)
  var connections = 64
}

/// What an SMTP server says to what a client says (RFC 5321), one line after another: pure. Only CR LF
/// ends a line, in commands and in mails, so that both sides agree where a mail ends.
struct SmtpSession: Sendable {
  enum Action: Hashable, Sendable {
    case reply(String)
    /// After the reply that comes before it; what the client has said beyond is to be dropped.
    case startTLS
    case caught(CaughtMail)
    case close
  }

  static let greeting = "220 localhost lockbox-dev mail: for development only"

  private let limits: SmtpLimits
  private(set) var isEncrypted = false
  private var isGreeted = false
  private var sender: String?
  private var recipients: [String] = []
  /// Nil: commands come; otherwise the lines of a mail.
  private var content: [UInt8]?
  private var fault: String?

  init(_ limits: SmtpLimits) {
    self.limits = limits
  }

  /// The longest line that may come next.
  var longestLine: Int { content == nil ? limits.commandBytes : limits.textLineBytes + 1 }

  /// - Parameter line: without its CR LF.
  mutating func receive(_ line: ArraySlice<UInt8>, at now: Timestamp) -> [Action] {
    guard content == nil else { return text(line, now) }
    guard line.allSatisfy({ (0x20...0x7e).contains($0) }) else {
      return [.reply("500 5.5.2 a command is printable ASCII")]
    }
    let text = String(decoding: line, as: UTF8.self)
    let verb = text.prefix { $0 != " " }.uppercased()
    let argument = String(text.dropFirst(verb.utf8.count + 1))
    switch verb {
    case "EHLO", "HELO": return hello(verb, argument)
    case "STARTTLS": return startTLS(argument)
    case "MAIL": return mail(argument)
    case "RCPT": return recipient(argument)
    case "DATA": return data()
    case "RSET":
      reset()
      return [.reply("250 2.0.0 forgotten")]
    case "NOOP": return [.reply("250 2.0.0 here")]
    case "QUIT": return [.reply("221 2.0.0 bye"), .close]
    default: return [.reply("500 5.5.1 unknown command")]
    }
  }

  private mutating func hello(_ verb: String, _ name: String) -> [Action] {
    guard !name.isEmpty else { return [.reply("501 5.5.4 who are you?")] }
    isGreeted = true
    reset()
    guard verb == "EHLO" else { return [.reply("250 localhost")] }
    var lines = [
      "localhost", "PIPELINING", "8BITMIME", "SIZE \(limits.mailBytes)", "ENHANCEDSTATUSCODES",
    ]
    if !isEncrypted { lines.append("STARTTLS") }
    let last = lines.count - 1
    return lines.enumerated().map { .reply("250\($0 == last ? " " : "-")\($1)") }
  }

  private mutating func startTLS(_ argument: String) -> [Action] {
    guard argument.isEmpty else { return [.reply("501 5.5.4 STARTTLS takes nothing")] }
    guard !isEncrypted else { return [.reply("503 5.5.1 it is TLS already")] }
    isEncrypted = true
    // RFC 3207 §4.2: what was said before counts no more.
    isGreeted = false
    reset()
    return [.reply("220 2.0.0 go on"), .startTLS]
  }

  private mutating func mail(_ argument: String) -> [Action] {
    guard isEncrypted else { return [.reply("530 5.7.0 say STARTTLS first")] }
    guard isGreeted else { return [.reply("503 5.5.1 say EHLO first")] }
    guard sender == nil else { return [.reply("503 5.5.1 there is a sender already")] }
    guard let (path, parameters) = Self.path(argument, "FROM:") else {
      return [.reply("501 5.5.4 MAIL FROM:<address>")]
    }
    for parameter in parameters {
      let words = parameter.split(separator: "=", maxSplits: 1)
      switch words.first?.uppercased() {
      case "SIZE":
        guard words.count == 2, let size = Int(words[1]) else {
          return [.reply("501 5.5.4 SIZE is a number")]
        }
        guard size <= limits.mailBytes else { return [.reply("552 5.3.4 too large")] }
      case "BODY": break
      default: return [.reply("555 5.5.4 unknown parameter")]
      }
    }
    sender = path
    return [.reply("250 2.1.0 sender ok")]
  }

  private mutating func recipient(_ argument: String) -> [Action] {
    guard sender != nil else { return [.reply("503 5.5.1 say MAIL first")] }
    guard let (path, parameters) = Self.path(argument, "TO:"), !path.isEmpty, parameters.isEmpty
    else { return [.reply("501 5.5.4 RCPT TO:<address>")] }
    guard recipients.count < limits.recipients else {
      return [.reply("452 4.5.3 too many recipients")]
    }
    recipients.append(path)
    return [.reply("250 2.1.5 recipient ok")]
  }

  private mutating func data() -> [Action] {
    guard !recipients.isEmpty else { return [.reply("503 5.5.1 say RCPT first")] }
    content = []
    fault = nil
    return [.reply("354 go on; a line with a dot ends it")]
  }

  /// A line of a mail.
  private mutating func text(_ line: ArraySlice<UInt8>, _ now: Timestamp) -> [Action] {
    if line.elementsEqual([0x2e]) { return end(now) }
    guard fault == nil, let count = content?.count else { return [] }
    // RFC 5321 §4.5.2.
    let text = line.first == 0x2e ? line.dropFirst() : line
    if text.count > limits.textLineBytes {
      fault = "500 5.6.0 a line is longer than \(limits.textLineBytes) characters"
    } else if text.contains(where: { $0 == 0 || $0 == 0x0a || $0 == 0x0d }) {
      fault = "554 5.6.0 a bare CR or LF, or a NUL"
    } else if count + text.count + 2 > limits.mailBytes {
      fault = "552 5.3.4 too large"
    } else {
      content?.append(contentsOf: text)
      content?.append(contentsOf: [0x0d, 0x0a])
      return []
    }
    content = []
    return []
  }

  private mutating func end(_ now: Timestamp) -> [Action] {
    defer { reset() }
    if let fault { return [.reply(fault)] }
    let mail = CaughtMail(
      sender: sender ?? "", recipients: recipients, content: content ?? [], received: now)
    return [.caught(mail), .reply("250 2.0.0 caught")]
  }

  private mutating func reset() {
    sender = nil
    recipients = []
    content = nil
    fault = nil
  }

  /// `FROM:<path> parameters`.
  private static func path(
    _ argument: String, _ keyword: String
  ) -> (path: String, parameters: [Substring])? {
    guard argument.prefix(keyword.utf8.count).uppercased() == keyword else { return nil }
    let rest = argument.dropFirst(keyword.utf8.count)
    guard rest.hasPrefix("<"), let end = rest.firstIndex(of: ">") else { return nil }
    let path = rest[rest.index(after: rest.startIndex)..<end]
    guard path.utf8.count <= 256, !path.contains(where: { $0 == " " || $0 == "<" }) else {
      return nil
    }
    let parameters = rest[rest.index(after: end)...].split(separator: " ")
    return (String(path), parameters)
  }
}
