internal import LockboxProto

/// Advice on a justification, by plain rules: what a customer's approver wants to read before they
/// let somebody in, and what nobody should write into a log that is kept for years.
///
/// The rules look at words, so they can be wrong both ways: advice never stops a request, and a
/// warning asks once.
struct Justification: Sendable {
  let text: String
  var ticket = ""
  var resources: [String] = []
  var actions: [CommonV1.Action] = []

  enum Hint: String, CaseIterable, Hashable, Sendable {
    case noTicket = "ticket"
    case tooShort = "short"
    case noWhat = "what"
    case noWhy = "why"
    case noAfterwards = "afterwards"
    case broad = "broad"
    case grave = "grave"
    case secret = "secret"
    case personal = "personal"

    /// Something that should not be sent unless it is meant.
    var isWarning: Bool {
      switch self {
      case .secret, .personal: true
      case .noTicket, .tooShort, .noWhat, .noWhy, .noAfterwards, .broad, .grave: false
      }
    }
  }

  /// In the order in which the page shows them: warnings first.
  var hints: [Hint] {
    let words = Self.words(of: text)
    var found: [Hint] = []
    if SecretSigns.hasSecret(text, words: words) { found.append(.secret) }
    if SecretSigns.hasPersonalData(text, besides: resources) { found.append(.personal) }
    if ticket.trimmed.isEmpty { found.append(.noTicket) }
    if words.count < 8 { found.append(.tooShort) }
    if !text.isEmpty {
      if !Self.mentions(Self.doing, words) { found.append(.noWhat) }
      if !Self.mentions(Self.reasons, words) { found.append(.noWhy) }
      if !Self.mentions(Self.afterwards, words) { found.append(.noAfterwards) }
    }
    if resources.contains(where: { !$0.contains("/") }) || resources.count > 8 {
      found.append(.broad)
    }
    if actions.contains(.delete) || actions.contains(.export) { found.append(.grave) }
    return found
  }

  static func words(of text: String) -> [String] {
    text.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "'" }.map(String.init)
  }

  /// - Parameter stems: beginnings of words; those of three letters or fewer are whole words.
  private static func mentions(_ stems: [String], _ words: [String]) -> Bool {
    words.contains { word in
      stems.contains { $0.count <= 3 ? word == $0 : word.hasPrefix($0) }
    }
  }

  // In the languages of the portal: people write to their customers in either.
  private static let doing = [
    "look", "read", "check", "compare", "inspect", "open", "find", "search", "trace", "repair",
    "fix", "restore", "export", "delete", "remove", "move", "change", "run", "test", "verify",
    "reset", "rebuild", "view",
    "ansehen", "anschauen", "lesen", "lese", "prüf", "vergleich", "öffn", "such", "find",
    "reparier", "behebe", "beheben", "wiederherstell", "exportier", "lösch", "verschieb", "änder",
    "teste", "ausführ", "nachseh",
  ]
  private static let reasons = [
    "because", "since", "so that", "reason", "cause", "due", "needed", "needs", "only", "without",
    "cannot", "can't", "fails", "failed", "failing", "error", "loop", "weil", "damit", "wegen",
    "grund", "ursache", "nötig", "nur", "ohne", "lässt", "fehl", "da",
  ]
  private static let afterwards = [
    "afterward", "after", "then", "delet", "discard", "kept", "keep", "copy", "copies", "stored",
    "nothing", "leaves", "close", "report", "danach", "anschließend", "hinterher", "gelöscht",
    "lösche", "verworfen", "kopie", "kopier", "aufbewahr", "gespeichert", "nichts", "bericht",
  ]
}
