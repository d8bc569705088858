internal import ProtobufC
internal import ServiceKit

/// A sign-in that is under way: what the answer must fit.
struct SignInAttempt: Hashable, Sendable {
  let organisation: String
  /// Returns in the answer's address; nobody else knows it.
  let state: String
  /// Returns in the ID token.
  let nonce: String
  /// Of which the issuer has only the SHA-256 (RFC 7636).
  let verifier: String
  /// Where the person wanted to go.
  let returnTo: OwnPath

  init(organisation: String, returnTo: OwnPath) {
    self.organisation = organisation
    self.returnTo = returnTo
    state = SessionID.random().cookie
    nonce = SessionID.random().cookie
    verifier = SessionID.random().cookie
  }

  /// `S256`
  var challenge: String { Base64URL.encode(Sha256.digest(Array(verifier.utf8))) }

  var sealable: [UInt8] {
    SealedTexts.bytes([organisation, state, nonce, verifier, returnTo.text])
  }

  init?(_ bytes: [UInt8]) {
    guard let texts = SealedTexts.texts(bytes, count: 5) else { return nil }
    organisation = texts[0]
    state = texts[1]
    nonce = texts[2]
    verifier = texts[3]
    returnTo = OwnPath(texts[4]) ?? .home
  }
}
