internal import TestKit
internal import Testing

@testable internal import Mail

@Suite struct SmtpAttemptTests {
  /// - Parameter lines: `C: ` what the client says, `S: ` what the server replies.
  private static func attempt(
    _ lines: [String], _ end: SmtpAttempt.End = .fault("a fault"), isContentSent: Bool = false
  ) -> SmtpAttempt {
    var dialogue = SmtpDialogue()
    for line in lines {
      let text = Array(line.dropFirst(3).utf8)
      if line.hasPrefix("C") { dialogue.sent(text) } else { dialogue.received(text) }
    }
    return SmtpAttempt(end: end, dialogue: dialogue, isContentSent: isContentSent)
  }

  private static let opening = ["S: 220 here", "C: EHLO x", "S: 250-here", "S: 250 SIZE"]
  private static let upToData =
    opening + ["C: MAIL FROM:<a>", "S: 250 ok", "C: RCPT TO:<b>", "S: 250 ok", "C: DATA"]

  @Test func `How a connection is left says nothing of the mail`() {
    let refused = Self.opening + ["C: MAIL FROM:<a>", "S: 550 no", "C: QUIT", "S: 221 bye"]
    #expect(Self.attempt(refused).outcome == .refused(code: 550, reply: "550 no"))
    let taken = Self.upToData + ["S: 354 go on", "S: 250 taken", "C: QUIT", "S: 500 what?"]
    #expect(
      Self.attempt(taken, .done, isContentSent: true).outcome == .accepted(reply: "250 taken"))
  }

  @Test func `A reply of several lines is one, and no longer than is kept`() {
    var dialogue = SmtpDialogue()
    for _ in 0..<1_000 { dialogue.received(Array("550-no and no and no\r\n".utf8)) }
    dialogue.received(Array("550 \u{1B}[2Jnever\r\n".utf8))
    #expect(dialogue.code == 550)
    #expect(dialogue.reply.utf8.count <= SmtpDialogue.longestText + 4)
    dialogue.received(Array("250 ok".utf8))
    #expect(dialogue.reply == "250 ok")
    dialogue.received(Array("250 a\u{1B}b".utf8))
    #expect(dialogue.reply == "250 a?b")
  }

  @Test func `Only behind the mail's end and before its reply it is not known`() {
    let waiting = Self.upToData + ["S: 354 go on"]
    for end in [SmtpAttempt.End.fault("a fault"), .cancelled] {
      guard case .unknown = Self.attempt(waiting, end, isContentSent: true).outcome else {
        Issue.record("it is known")
        return
      }
      guard case .deferred = Self.attempt(waiting, end).outcome else {
        Issue.record("it is not deferred")
        return
      }
    }
    let replied = waiting + ["S: 451 later"]
    guard case .deferred(let reason) = Self.attempt(replied, isContentSent: true).outcome else {
      Issue.record("it is not deferred")
      return
    }
    #expect(reason.contains("451 later"))
  }

  @Test func `A refusal that is not about the mail is no refusal of it`() {
    for lines in [
      ["S: 554 not today"], ["S: 220 here", "C: EHLO x", "S: 550 not you"],
      Self.opening + ["C: STARTTLS", "S: 502 no"], Self.opening + ["C: AUTH PLAIN", "S: 535 no"],
      Self.opening + ["C: MAIL FROM:<a>", "S: 530 log in"],
    ] {
      guard case .deferred = Self.attempt(lines).outcome else {
        Issue.record("\(lines)")
        continue
      }
    }
  }

  @Test func `Nothing that a server says brings it down`() {
    var random = TestGenerator.announced()
    for _ in 0..<5_000 {
      var dialogue = SmtpDialogue()
      for _ in 0..<Int.random(in: 0...6, using: &random) {
        let line = (0..<Int.random(in: 0...12, using: &random)).map { _ in
          Array("0123456789- \r\n\u{0}Q".utf8).randomElement(using: &random) ?? 0
        }
        dialogue.received(line)
        dialogue.sent(line)
      }
      let attempt = SmtpAttempt(
        end: .fault("a fault"), dialogue: dialogue, isContentSent: .random(using: &random))
      _ = attempt.outcome
      _ = attempt.isOfStaleConnection
    }
  }
}
