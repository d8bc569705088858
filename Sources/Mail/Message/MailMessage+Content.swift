internal import Domain

extension MailMessage {
  /// What goes to the server behind `DATA` (RFC 5322, RFC 2045, RFC 2046): ASCII, lines of at most 998
  /// characters that end with CR LF, dots not yet doubled.
  public var content: [UInt8] {
    var header = ""
    func add(_ name: String, _ value: String) { header += "\(name): \(value)\r\n" }
    add("Date", MailDate.text(date))
    add("From", HeaderText.mailbox(sender))
    add("To", HeaderText.mailbox(recipient))
    add("Message-ID", "<\(messageID)>")
    add("Subject", HeaderText.unstructured(subject))
    // RFC 3834: nobody's holiday notes are to come back.
    add("Auto-Submitted", "auto-generated")
    for field in fields { add(field.name, field.value) }
    add("MIME-Version", "1.0")
    guard let html else {
      return Array(header.utf8) + Self.part(text, "plain")
    }
    let parts = [Self.part(text, "plain"), Self.part(html, "html")]
    let boundary = Self.boundary
    add("Content-Type", "multipart/alternative; boundary=\"\(boundary)\"")
    var output = Array(header.utf8)
    for part in parts { output += Array("\r\n--\(boundary)\r\n".utf8) + part }
    return output + Array("\r\n--\(boundary)--\r\n".utf8)
  }

  /// Quoted-printable text never has `=_` (RFC 2045 §6.7).
  private static let boundary = "=_lockbox"

  private static func part(_ text: String, _ subtype: String) -> [UInt8] {
    let header = """
      Content-Type: text/\(subtype); charset=utf-8\r
      Content-Transfer-Encoding: quoted-printable\r
      \r

      """
    return Array(header.utf8) + QuotedPrintable.encode(text)
  }
}

/// RFC 5322 §3.3.
enum MailDate {
  /// `Sun, 22 Nov 2026 12:00:00 +0000`.
  static func text(_ moment: Timestamp) -> String {
    // 2026-11-22T12:00:00…Z
    let words = moment.description.split { $0 == "-" || $0 == "T" || $0 == "." || $0 == "Z" }
    let month = months[(Int(words[1]) ?? 1) - 1]
    let days = moment.seconds >= 0 ? moment.seconds / 86_400 : (moment.seconds - 86_399) / 86_400
    // The epoch was a Thursday.
    let weekday = weekdays[Int(((days + 3) % 7 + 7) % 7)]
    return "\(weekday), \(words[2]) \(month) \(words[0]) \(words[3]) +0000"
  }

  private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
}
