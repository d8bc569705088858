internal import Glibc
internal import MerkleLog
internal import ServiceKit
internal import TemporaryFiles
internal import TestKit
internal import Testing

/// `lockbox-witness` of this build as a process, which can be killed and started again.
final class WitnessProcess: Sendable {
  let signer: CosignatureSigner
  private let directory = TemporaryDirectory()
  private let pki: TestPKI
  private let client: HTTPSClient
  private let configuration: String

  init(following logs: [NoteVerifier]) throws {
    pki = TestPKI(in: directory)
    let key = SigningKey.generate()
    signer = CosignatureSigner(name: KeyName("witness.test/w1")!, key: key)
    try key.save(to: directory.file("signing.key"))
    let files = pki.files("witness", uri: nil)
    directory.write("logs.txt", "# followed\n" + logs.map { $0.vkey + "\n" }.joined())
    configuration = directory.write(
      "witness.yaml",
      """
      https_listener: {address: "127.0.0.1:0", certificate: \(files.certificate), key: \(files.key)}
      metrics: {address: "127.0.0.1:0"}
      data_directory: data
      witness: {name: witness.test/w1, signing_key: signing.key, logs: logs.txt}
      log: {format: json}
      """)
    client = try HTTPSClient(authorities: pki.authorities, timeout: .seconds(20))
  }

  /// One run, from its start to its end.
  struct Run: Sendable {
    let child: ChildProcess
    let url: HTTPSURL
  }

  /// Starts it and waits until it says where it listens.
  func start(_ number: Int = 0) async throws -> Run {
    let output = directory.file("witness.\(number).out")
    let child = ChildProcess(
      "\(buildDirectory)/lockbox-witness", ["--config", configuration], output: output)
    var url: HTTPSURL?
    _ = await eventually {
      let line = text(ofFile: output).split(separator: "\n").first { $0.contains(#""ready""#) }
      let address = line?.firstRange(of: #""https_address":""#).flatMap { range in
        line?[range.upperBound...].prefix { $0 != "\"" }
      }
      url = address.flatMap { HTTPSURL("https://\($0)/add-checkpoint") }
      return url != nil || child.ending() != nil
    }
    return Run(child: child, url: try #require(url, "\(text(ofFile: output))"))
  }

  /// Runs it to its end with other arguments.
  func run(_ arguments: [String]) async -> (ending: ChildProcess.Ending?, output: String) {
    let output = directory.file("once.out")
    unlink(output)
    let child = ChildProcess(
      "\(buildDirectory)/lockbox-witness", ["--config", configuration] + arguments,
      output: output)
    return (await child.end(), text(ofFile: output))
  }

  func post(_ request: AddCheckpoint, to run: Run) async throws -> HTTPSClient.Answer {
    try await client.post(request.bytes, type: "text/plain", to: run.url)
  }

  func get(_ path: String, of run: Run) async throws -> HTTPSClient.Answer {
    try await client.get(try #require(HTTPSURL("https://\(run.url.authority)\(path)")))
  }

  func file(_ name: String) -> String { directory.file(name) }
}
