internal import Domain
internal import FoundationEssentials
internal import Glibc
internal import MerkleLog
internal import Synchronization
internal import TemporaryFiles

@testable internal import CommandLine

/// A shell around one command line: a clock that stands still, a directory of its own, fake
/// services, and everything that was printed.
final class Scene: Sendable {
  struct Outcome: Equatable {
    let status: CommandStatus
    let output: [String]
    let errors: [String]
  }

  static let now = Timestamp(rfc3339: "2026-11-21T12:00:00Z")!
  static let logKey = SigningKey(seed: [UInt8](repeating: 2, count: 32))!

  let services = FakeServices()
  let directory = TemporaryDirectory()
  private let printed = Mutex((output: [String](), errors: [String]()))

  init() {
    write(Self.controlFile, to: "ctl.yaml")
  }

  static var logVerifier: NoteVerifier {
    NoteVerifier(name: KeyName("log.lockbox.test/acme")!, key: logKey.publicKey)
  }

  static var controlFile: String {
    """
    endpoints:
      intake: 127.0.0.1:7401
      approvals: 127.0.0.1:7402
      expiry: 127.0.0.1:7403
      audit: 127.0.0.1:7404
    trust_roots: ca.pem
    log_keys:
      acme: \(logVerifier.vkey)
    """
  }

  func path(_ name: String) -> String { directory.file(name) }

  func write(_ text: String, to name: String) {
    guard let file = fopen(path(name), "w") else { fatalError("cannot write \(name)") }
    fputs(text, file)
    fclose(file)
  }

  /// Runs a command line as a signed-in person.
  ///
  /// - Parameters:
  ///   - answers: what is typed; nil: there is no terminal.
  ///   - input: standard input.
  ///   - other: instead of the scene's own.
  func run(
    _ arguments: [String], answers: [String]? = nil, input: String = "",
    environment: [String: String] = ["LOCKBOXCTL_TOKEN": "token"],
    services other: (any Transport)? = nil
  ) async -> Outcome {
    printed.withLock { $0 = ([], []) }
    let typed = Mutex(answers ?? [])
    var shell = Shell(
      environment: environment,
      print: { line in self.printed.withLock { $0.output.append(line) } },
      note: { line in self.printed.withLock { $0.errors.append(line) } },
      isOutputTerminal: false, isInputTerminal: answers != nil,
      ask: { _ in typed.withLock { $0.isEmpty ? nil : $0.removeFirst() } },
      readInput: { Array(input.utf8) },
      clock: StillClock(moment: Self.now), zone: LocalTime.utc,
      connect: { _ in other ?? self.services })
    shell.environment["LOCKBOXCTL_CONFIG"] = path("ctl.yaml")
    let status = await CommandLineTool.run(arguments, in: shell)
    return printed.withLock { Outcome(status: status, output: $0.output, errors: $0.errors) }
  }
}

private struct StillClock: WallClock {
  let moment: Timestamp
  func now() -> Timestamp { moment }
}
