internal import Domain
internal import Words

extension Reply {
  /// What the passkey's script has signed: the very text, and when it says that it was signed.
  static func statement(_ bytes: [UInt8]?, at time: Timestamp, site: String) -> Reply {
    guard let bytes, let text = String(validating: bytes, as: UTF8.self) else {
      return .problem("")
    }
    return .json([
      ("statement", JSONText.string(text)), ("sign_time", JSONText.string(time.description)),
      ("site", JSONText.string(site)),
    ])
  }

  /// Why there is nothing to sign.
  static func problem(_ text: String) -> Reply { .json([("problem", JSONText.string(text))]) }

  static func json(_ members: [(name: String, value: String)]) -> Reply {
    .file(
      type: "application/json", name: "answer.json", bytes: Array(JSONText.object(members).utf8))
  }
}
