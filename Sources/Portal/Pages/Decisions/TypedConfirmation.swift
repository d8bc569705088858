internal import LockboxProto

/// What an approver types to say whom they let in.
///
/// Of all that a request says, the person is what the reader cannot take for granted: the tenant is
/// their own, and a ticket may be missing. To type a name it has to be read; to tick a box nothing
/// has. Letters' case and the white space around and between words do not count.
struct TypedConfirmation: Hashable, Sendable {
  /// What the page asks to be typed.
  let expected: String
  private let alternatives: [String]

  init(for request: CommonV1.AccessRequest) {
    let engineer = request.engineer ?? .init()
    // Only what every keyboard has: whoever made their name unlike what it looks can never be
    // confirmed by a name that nobody can type.
    let candidates = [engineer.displayName, engineer.id].filter(Self.canBeTyped)
    expected = candidates.first ?? String(request.requestID.suffix(8))
    alternatives = candidates.isEmpty ? [expected] : candidates
  }

  func isMet(by typed: String) -> Bool {
    let typed = Self.plain(typed)
    return !typed.isEmpty && alternatives.contains { Self.plain($0) == typed }
  }

  private static func canBeTyped(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 64
      && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
      && text.contains { $0.isLetter }
  }

  private static func plain(_ text: String) -> String {
    text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
