internal import Domain
internal import TestKit
internal import Testing

@testable internal import Development

@Suite struct SmtpSessionTests {
  /// A session, and what it says to lines.
  private struct Dialogue {
    var session: SmtpSession
    private(set) var mails: [CaughtMail] = []

    init(isEncrypted: Bool = true, limits: SmtpLimits = SmtpLimits()) {
      session = SmtpSession(limits)
      guard isEncrypted else { return }
      _ = say("STARTTLS")
      _ = say("EHLO notify.lockbox.test")
    }

    /// - Returns: the last reply's text; empty: none.
    mutating func say(_ line: String) -> String {
      var reply = ""
      for action in session.receive(Array(line.utf8)[...], at: FakeClock().now()) {
        switch action {
        case .reply(let text): reply = text
        case .caught(let mail): mails.append(mail)
        case .startTLS, .close: break
        }
      }
      return reply
    }

    mutating func send(_ lines: [String]) -> String {
      _ = say("MAIL FROM:<a@b.test>")
      _ = say("RCPT TO:<c@d.test>")
      _ = say("DATA")
      for line in lines { _ = say(line) }
      return say(".")
    }
  }

  @Test func `A mail is caught as it was written`() {
    var dialogue = Dialogue()
    #expect(
      dialogue.say("MAIL FROM:<lockbox@provider.test> SIZE=100 BODY=8BITMIME").hasPrefix("250"))
    #expect(dialogue.say("rcpt to:<ana@acme.test>").hasPrefix("250"))
    #expect(dialogue.say("RCPT TO:<adam@acme.test>").hasPrefix("250"))
    #expect(dialogue.say("DATA").hasPrefix("354"))
    for line in ["Subject: x", "", "..", "..a", "a."] { #expect(dialogue.say(line).isEmpty) }
    #expect(dialogue.say(".") == "250 2.0.0 caught")
    #expect(dialogue.mails.map(\.sender) == ["lockbox@provider.test"])
    #expect(dialogue.mails.map(\.recipients) == [["ana@acme.test", "adam@acme.test"]])
    #expect(
      dialogue.mails.map(\.content) == [Array("Subject: x\r\n\r\n.\r\n.a\r\na.\r\n".utf8)])
    // The next one begins anew.
    #expect(dialogue.say("RCPT TO:<c@d.test>").hasPrefix("503"))
  }

  @Test func `No mail comes in the clear`() {
    var dialogue = Dialogue(isEncrypted: false)
    #expect(dialogue.say("EHLO x") == "250 STARTTLS")
    #expect(dialogue.say("MAIL FROM:<a@b.test>").hasPrefix("530"))
    #expect(dialogue.say("STARTTLS").hasPrefix("220"))
    #expect(dialogue.say("MAIL FROM:<a@b.test>").hasPrefix("503"), "who it was is forgotten")
    #expect(dialogue.say("EHLO x") == "250 ENHANCEDSTATUSCODES", "not offered twice")
    #expect(dialogue.say("STARTTLS").hasPrefix("503"))
    #expect(dialogue.say("MAIL FROM:<a@b.test>").hasPrefix("250"))
  }

  @Test(
    arguments: [
      ("DATA", "503"), ("RCPT TO:<c@d.test>", "503"), ("MAIL FROM: a@b.test", "501"),
      ("MAIL FROM:<a b@c.test>", "501"), ("MAIL FROM:<a@b.test> SIZE=1048577", "552"),
      ("MAIL FROM:<a@b.test> SIZE=x", "501"), ("MAIL FROM:<a@b.test> SMTPUTF8", "555"),
      ("MAIL TO:<a@b.test>", "501"), ("EHLO", "501"), ("STARTTLS now", "501"), ("VRFY x", "500"),
      ("", "500"), ("MAIL FROM:<ä@b.test>", "500"), ("NOOP", "250"), ("RSET", "250"),
      ("QUIT", "221"),
    ])
  func `A command has its reply`(_ line: String, _ code: String) {
    var dialogue = Dialogue()
    #expect(dialogue.say(line).hasPrefix(code + " "))
    #expect(dialogue.mails.isEmpty)
  }

  @Test(
    arguments: [
      (String(repeating: "a", count: 999), "500"), ("a\nb", "554"), ("a\rb", "554"),
      ("a\u{0}b", "554"), (".\r", "554"), ("\n.", "554"),
    ])
  func `A mail that is none is refused at its end`(_ line: String, _ code: String) {
    var dialogue = Dialogue()
    #expect(dialogue.send(["Subject: x", "", line]).hasPrefix(code))
    #expect(dialogue.mails.isEmpty)
    #expect(dialogue.send(["Subject: x", "", "a"]).hasPrefix("250"))
  }

  @Test func `Sizes and numbers have their limits`() {
    var limits = SmtpLimits()
    limits.mailBytes = 100
    limits.recipients = 2
    var dialogue = Dialogue(limits: limits)
    #expect(dialogue.send([String](repeating: "0123456789", count: 9)).hasPrefix("552"))
    #expect(dialogue.send([String](repeating: "0123456789", count: 8)).hasPrefix("250"))
    _ = dialogue.say("MAIL FROM:<a@b.test>")
    _ = dialogue.say("RCPT TO:<a@b.test>")
    _ = dialogue.say("RCPT TO:<b@b.test>")
    #expect(dialogue.say("RCPT TO:<c@b.test>").hasPrefix("452"))
  }

  @Test func `The oldest mails go first`() {
    let mails = CaughtMails()
    for _ in 0..<CaughtMails.most + 5 {
      mails.add(CaughtMail(sender: "", recipients: [], content: [1], received: .epoch))
    }
    #expect(mails.all.count == CaughtMails.most)
    #expect(mails.all.first?.number == CaughtMails.most + 5)
    #expect(mails[5] == nil && mails[6] != nil)
    let big = [UInt8](repeating: 0, count: CaughtMails.mostBytes / 2)
    for _ in 0..<3 {
      mails.add(CaughtMail(sender: "", recipients: [], content: big, received: .epoch))
    }
    #expect(mails.all.count == 2)
  }
}
