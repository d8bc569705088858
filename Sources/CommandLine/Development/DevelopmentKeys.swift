internal import AccessToken
internal import MerkleLog
internal import Words

extension DevelopmentDirectory {
  /// The key in a file, made if there is none: an existing key is never replaced.
  func signingKey(_ path: String, _ report: DevelopmentReport) throws(Failure) -> SigningKey {
    do {
      if Self.exists(path) {
        let key = try SigningKey(contentsOf: path)
        report.kept(path)
        return key
      }
      let key = SigningKey.generate()
      try key.save(to: path)
      report.made(path)
      return key
    } catch {
      throw Failure(.configuration, "\(error).")
    }
  }

  /// A file that follows from others: written when it is not as it should be.
  func derived(
    _ text: String, to path: String, _ report: DevelopmentReport
  ) throws(Failure) {
    if Self.exists(path), try YamlFile.text(path, status: .configuration) == text {
      return report.kept(path)
    }
    try Self.write(text, to: path)
    report.made(path)
  }

  /// A file that people may change: written only when there is none.
  func initial(_ text: String, to path: String, _ report: DevelopmentReport) throws(Failure) {
    if Self.exists(path) { return report.kept(path) }
    try Self.write(text, to: path)
    report.made(path)
  }

  func makeIssuer(_ issuer: DevelopmentIssuer, _ report: DevelopmentReport) throws(Failure) {
    let key = try signingKey(key(of: issuer), report)
    try derived(
      PublicKeySet([issuer.keyID: key.publicKey]).text, to: keySet(of: issuer), report)
  }

  /// The keys that sign access tokens and the log's checkpoints.
  /// - Returns: the log's public key.
  func makeServiceKeys(_ report: DevelopmentReport) throws(Failure) -> VerificationKey {
    let token = AccessTokenSigner(
      key: try signingKey(tokenKey, report))
    try derived(token.publicKeys.text, to: tokenKeySet, report)
    return try signingKey(logKey, report).publicKey
  }

  /// What verifies the log of a tenant, or the provider's own.
  static func logVerifier(of log: String, _ key: VerificationKey) throws(Failure) -> NoteVerifier {
    guard let name = KeyName("\(logPrefix)/\(log)") else {
      throw Failure(.usage, "\(log) cannot be the name of a log.")
    }
    return NoteVerifier(name: name, key: key)
  }
}

extension PublicKeySet {
  fileprivate var text: String { String(decoding: json, as: UTF8.self) + "\n" }
}

/// Tells what was made and what was there already.
struct DevelopmentReport {
  let printer: Printer

  func made(_ path: String) {
    printer.shell.print("\(printer.style.paint("made", .good))  \(Printable.line(path))")
  }

  func kept(_ path: String) {
    printer.shell.print("\(printer.style.paint("kept", .faint))  \(Printable.line(path))")
  }
}
