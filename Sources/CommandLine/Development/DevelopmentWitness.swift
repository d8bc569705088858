internal import MerkleLog

extension DevelopmentDirectory {
  /// The tenant that runs a witness in development.
  static let witnessTenant = "acme"
  static let witnessName = "witness.acme.test/w1"
  static let witnessAddress = "127.0.0.1:7408"

  var witnessKey: String { "\(root)/keys/witness.key" }
  var witnessLogs: String { "\(root)/witness-logs.txt" }
  var witnesses: String { "\(root)/witnesses.yaml" }

  /// What acme's witness needs, and what audit needs to ask it (`audit.witnesses`).
  func makeWitness(
    following logKey: VerificationKey, _ report: DevelopmentReport
  ) throws(Failure) {
    guard let name = KeyName(Self.witnessName) else { preconditionFailure("a name by the rule") }
    let signer = CosignatureSigner(name: name, key: try signingKey(witnessKey, report))
    try derived(
      """
      # The logs that acme's witness follows: the verifier key of each, one a line.
      \(try Self.logVerifier(of: Self.witnessTenant, logKey).vkey)

      """, to: witnessLogs, report)
    try derived(
      """
      # Who cosigns checkpoints: lockbox-audit --set audit.witnesses=\(witnesses)
      witnesses:
        - key: "\(signer.verifier.vkey)"
          url: https://\(Self.witnessAddress)
          tenant: \(Self.witnessTenant)
          authorities: ca/ca.pem

      """, to: witnesses, report)
  }
}
