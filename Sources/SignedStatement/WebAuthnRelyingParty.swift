internal import Domain
internal import MerkleLog
internal import ProtobufC

/// The site for which browsers make assertions over statements.
public struct WebAuthnRelyingParty: Sendable, Hashable {
  /// A domain, such as `lockbox.example`.
  public let id: String
  /// The origins of its pages, such as `https://lockbox.example`.
  public let origins: Set<String>

  public init(id: String, origins: Set<String>) {
    self.id = id
    self.origins = origins
  }

  /// Whether the authenticator's and the client's data are of an assertion for this site, with the
  /// user present and verified, whose challenge is the SHA-256 of the statement (WebAuthn level 2,
  /// §7.2, steps 11 to 17).
  func vouches(for signature: StatementSignature) -> Bool {
    let data = signature.authenticatorData
    // §6.1: 32 bytes of rpIdHash, flags, a counter of four bytes.
    guard data.count >= 37, Array(data[..<32]) == SHA256.hash(Array(id.utf8)).bytes else {
      return false
    }
    let present: UInt8 = 0x01
    let verified: UInt8 = 0x04
    guard data[32] & present != 0, data[32] & verified != 0 else { return false }
    return origins.contains { isClientData(signature.clientDataJSON, of: signature, at: $0) }
  }

  /// §5.8.1.2: what a client writes begins with these bytes, so that nothing needs to parse JSON.
  private func isClientData(
    _ json: [UInt8], of signature: StatementSignature, at origin: String
  ) -> Bool {
    let challenge = Base64URL.encode(SHA256.hash(signature.statement).bytes)
    let beginning = """
      {"type":"webauthn.get","challenge":"\(challenge)","origin":"\(origin)","crossOrigin":false
      """
    guard json.starts(with: beginning.utf8) else { return false }
    let rest = json.dropFirst(beginning.utf8.count)
    return rest.elementsEqual("}".utf8)
      || (rest.first == UInt8(ascii: ",") && rest.last == UInt8(ascii: "}"))
  }
}
