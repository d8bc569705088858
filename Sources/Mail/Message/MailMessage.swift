public import Domain

/// A mail to one recipient. Whatever its texts hold, it cannot be made to say more in its header than
/// these fields do: addresses, ids and fields are checked when they are made, and a line's end in the
/// subject is written as a space.
public struct MailMessage: Hashable, Sendable {
  public let sender: MailAddress
  public let recipient: MailAddress
  public let subject: String
  /// Plain text; any line ends.
  public let text: String
  /// The same as HTML; nil: as text alone.
  public let html: String?
  /// The same for every attempt.
  public let messageID: MailMessageID
  /// When it was written.
  public let date: Timestamp
  /// Besides those that are written anyway: `From`, `To`, `Subject`, `Date`, `Message-ID`,
  /// `Auto-Submitted` and those of MIME.
  public let fields: [MailField]

  public init(
    sender: MailAddress, recipient: MailAddress, subject: String, text: String,
    html: String? = nil, messageID: MailMessageID, date: Timestamp, fields: [MailField] = []
  ) {
    self.sender = sender
    self.recipient = recipient
    self.subject = subject
    self.text = text
    self.html = html
    self.messageID = messageID
    self.date = date
    self.fields = fields
  }
}

/// The `msg-id` of RFC 5322 §3.6.4, without its angle brackets: `local@domain`.
public struct MailMessageID: Hashable, Sendable, CustomStringConvertible {
  public let description: String

  /// - Parameter local: Unique within the domain, such as a notice's id.
  /// - Returns: nil unless both sides are atoms with dots between them.
  public init?(local: String, domain: String) {
    guard MailSyntax.isDotAtom(local), MailSyntax.isDomain(domain),
      local.utf8.count + domain.utf8.count < 200
    else { return nil }
    description = "\(local)@\(domain)"
  }
}

/// A field of a mail's header that the caller adds, such as `List-Id`.
public struct MailField: Hashable, Sendable {
  public let name: String
  public let value: String

  /// A line of a mail has 998 characters at most (RFC 5322 §2.1.1); a field of ours is one line.
  static let longest = 900

  /// - Returns: nil for a name that is none or that is written anyway, and for a value that is not
  ///   printable ASCII on one line of at most 900 characters.
  public init?(_ name: String, _ value: String) {
    let lowercased = name.lowercased()
    guard !name.isEmpty, name.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != 0x3a }),
      !Self.reserved.contains(lowercased), !lowercased.hasPrefix("content-"),
      name.utf8.count + value.utf8.count <= Self.longest,
      value.utf8.allSatisfy({ (0x20...0x7e).contains($0) }), value.contains(where: { $0 != " " })
    else { return nil }
    self.name = name
    self.value = value
  }

  /// `List-Id` (RFC 2919): by what recipients' programs sort mails into folders.
  ///
  /// - Parameter id: atoms with dots between them, under a domain of the sender's.
  public static func listID(_ id: String) -> MailField? {
    guard MailSyntax.isDotAtom(id), id.contains(".") else { return nil }
    return MailField("List-Id", "<\(id)>")
  }

  private static let reserved: Set<String> = [
    "from", "to", "cc", "bcc", "sender", "subject", "date", "message-id", "auto-submitted",
    "mime-version", "return-path", "received",
  ]
}
