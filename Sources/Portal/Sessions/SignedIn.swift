internal import Domain

/// With what a session speaks to the API, and how it comes by more of it.
struct SignedIn: Hashable, Sendable {
  /// Whose people: an organisation of the configuration.
  let organisation: String
  /// The person's own token, which goes with each call.
  let token: String
  /// When that token ends.
  let tokenEnd: Timestamp
  /// Nil where the issuer offered none.
  let refreshToken: String?

  var sealable: [UInt8] {
    SealedTexts.bytes([organisation, token, "\(tokenEnd.nanoseconds)", refreshToken ?? ""])
  }

  init(organisation: String, token: String, tokenEnd: Timestamp, refreshToken: String?) {
    self.organisation = organisation
    self.token = token
    self.tokenEnd = tokenEnd
    self.refreshToken = refreshToken
  }

  init?(_ bytes: [UInt8]) {
    guard let texts = SealedTexts.texts(bytes, count: 4), let end = Int64(texts[2]) else {
      return nil
    }
    self.init(
      organisation: texts[0], token: texts[1], tokenEnd: Timestamp(nanoseconds: end),
      refreshToken: texts[3].isEmpty ? nil : texts[3])
  }
}

/// A session that lives.
struct Session: Hashable, Sendable {
  let id: SessionID
  let signedIn: SignedIn
  let createTime: Timestamp
  /// No activity takes it beyond.
  let endTime: Timestamp
}
