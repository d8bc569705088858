internal import DevPKI
internal import MerkleLog
internal import ServiceKit
internal import TemporaryFiles
internal import TestKit
internal import Testing

/// A witness that a tenant of a deployment runs, as a process, and what audit must know of it.
final class CustomerWitness: Sendable {
  let signer: CosignatureSigner
  let tenant: String
  private let files: DeploymentFiles
  private let configuration: String
  private let address: Address

  /// Makes the files; starts nothing. Audit reads them when it starts next.
  init(of tenant: String, in files: DeploymentFiles) throws {
    self.files = files
    self.tenant = tenant
    // Of its own, so that the port is nobody else's while the witness is down.
    address = Address(host: DeploymentFiles.newHost(), port: 7408)
    let key = SigningKey.generate()
    let name = try #require(KeyName("witness.\(tenant).test/w1"))
    signer = CosignatureSigner(name: name, key: key)
    let directory = files.directory
    try key.save(to: directory.file("witness.key"))
    try files.pki.authority.issue(
      CertificateRequest(validity: TestPKI.validity, addresses: [address.host])
    ).write(chain: directory.file("witness.pem"), key: directory.file("witness-tls.key"))
    let origin = try #require(Deployment.origin(of: tenant))
    directory.write("logs.txt", NoteVerifier(name: origin, key: files.logKey).vkey + "\n")
    configuration = directory.write(
      "witness.yaml",
      """
      https_listener: {address: "\(address)", certificate: witness.pem, key: witness-tls.key}
      metrics: {address: "\(address.host):7608"}
      data_directory: witness-data
      witness: {name: "\(name)", signing_key: witness.key, logs: logs.txt}
      """)
    directory.write(
      "witnesses.yaml",
      """
      witnesses:
        - key: "\(signer.verifier.vkey)"
          url: "https://\(address)"
          tenant: \(tenant)
          authorities: \(files.pki.authorities)
      """)
    directory.write(
      "audit.yaml",
      files.text(of: .audit).replacing(
        "origin_prefix: \(DeploymentFiles.originPrefix)}",
        with: "origin_prefix: \(DeploymentFiles.originPrefix), witnesses: witnesses.yaml}")
        + "https_listener: {address: \"\(files.host):7409\"}\n")
  }

  func start() -> ChildProcess {
    ChildProcess(
      "\(buildDirectory)/lockbox-witness", ["--config", configuration],
      output: files.directory.file("witness.out"))
  }

  /// Asks it to cosign, as anybody could.
  func post(_ request: AddCheckpoint) async throws -> HTTPSClient.Answer {
    let client = try HTTPSClient(authorities: files.pki.authorities, timeout: .seconds(20))
    let url = try #require(HTTPSURL("https://\(address)/add-checkpoint"))
    return try await client.post(Array(request.body.utf8), type: "text/plain", to: url)
  }

  /// Where audit answers HTTPS.
  var audit: Address { Address(host: files.host, port: 7409) }
}
