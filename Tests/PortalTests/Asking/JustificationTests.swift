internal import LockboxProto
internal import Testing

@testable internal import Portal

struct JustificationTests {
  private static let good = """
    Alice's rule moves mail in a loop (T-4711). I will read the rules of her inbox, because the \
    log does not show which one matches. Nothing is copied, and I close the access afterwards.
    """
  private static let gut = """
    Die Regel von Alice verschiebt Mails im Kreis (T-4711). Ich werde ihre Regeln lesen, weil das \
    Protokoll nicht zeigt, welche greift. Danach wird nichts aufbewahrt.
    """

  @Test("a justification that says it all gets no advice", arguments: [good, gut])
  func complete(_ text: String) {
    let hints = Justification(
      text: text, ticket: "T-4711", resources: ["mailboxes/alice"], actions: [.read]
    ).hints
    #expect(hints == [])
  }

  static let cases: [(Justification, Justification.Hint)] = [
    (Justification(text: good, resources: ["mailboxes/alice"]), .noTicket),
    (Justification(text: "Mail loops"), .tooShort),
    (Justification(text: "The mailbox of the customer is somehow strange since a week"), .noWhat),
    (Justification(text: "I will look at the mailbox of the customer and read the rules"), .noWhy),
    (Justification(text: "I read the rules because mail loops in the inbox"), .noAfterwards),
    (Justification(text: good, resources: ["mailboxes"]), .broad),
    (Justification(text: good, actions: [.delete]), .grave),
    (Justification(text: "the password: hunter2 opens it"), .secret),
    (Justification(text: "Passwort = x"), .secret),
    (Justification(text: "api_key=abc"), .secret),
    (Justification(text: "-----BEGIN PRIVATE KEY-----"), .secret),
    (Justification(text: "see AKIAIOSFODNN7EXAMPLE there"), .secret),
    (Justification(text: "hash 0123456789abcdef0123456789abcdef"), .secret),
    (Justification(text: "ask bob@example.com, he knows"), .personal),
    (Justification(text: "card 4111 1111 1111 1111 fails"), .personal),
    (Justification(text: "account DE89370400440532013000 is wrong"), .personal),
  ]

  @Test("what is missing, or should not be there, is said", arguments: cases)
  func advice(_ justification: Justification, _ hint: Justification.Hint) {
    #expect(justification.hints.contains(hint))
  }

  @Test(
    "what is no secret raises no alarm",
    arguments: [
      "the password is wrong", "Reset the token of the mailbox", "T-4711",
      "request 019aa0c4-5b7e-7c31-9d1e-1c2a3b4c5d6e of yesterday",
      "mailboxes/alice@acme.test/inbox",
      "since 2026-11-22 13:00", "error 0x80041002, 1234567890123",
    ])
  func plain(_ text: String) {
    let hints = Justification(text: text, resources: ["mailboxes/alice@acme.test"]).hints
    #expect(!hints.contains { $0.isWarning }, "\(hints)")
  }

  @Test func `an address that is asked for may be named`() {
    let named = Justification(
      text: "alice@acme.test cannot open her mail.", resources: ["mailboxes/alice@acme.test"])
    #expect(!named.hints.contains(.personal))
  }
}
