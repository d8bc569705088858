/// A certificate with its chain and its key, all PEM.
public struct Credential: Sendable, Hashable {
  /// Leaf first, then intermediates, without the root.
  public let chainPEM: String
  /// PKCS#8, not encrypted.
  public let keyPEM: String

  public init(chainPEM: String, keyPEM: String) {
    self.chainPEM = chainPEM
    self.keyPEM = keyPEM
  }

  /// Replaces both files, the key with mode 0600. Each is exchanged atomically; between the two
  /// the pair does not match for a moment, the key being the newer one.
  public func write(chain chainFile: String, key keyFile: String) throws(PKIError) {
    try PrivateFile.write(keyPEM, to: keyFile, mode: 0o600)
    try PrivateFile.write(chainPEM, to: chainFile, mode: 0o644)
  }
}
