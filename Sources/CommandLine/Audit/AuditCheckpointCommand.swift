internal import ArgumentParser
internal import Domain
internal import LockboxProto
internal import MerkleLog

struct AuditCheckpointCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoint", abstract: "Print a log's newest signed checkpoint.",
    discussion: """
      The checkpoint is a C2SP signed note: keep it, and `audit verify --since` shows later that \
      nothing before it was changed. Where the configuration has the log's key, the signature is \
      checked.

      EXAMPLES
        lockboxctl audit checkpoint --tenant acme
        lockboxctl audit checkpoint --tenant acme --save acme.checkpoint
      """)

  @OptionGroup var log: LogOption
  @Option(help: "Write it to this file too.", completion: .file()) var save: String?
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let response = try await session.call(
      AuditV1.AuditService.getCheckpoint, .init(tenantID: log.id), at: .audit)
    if let key = session.configuration.logKeys[log.keyName] {
      do {
        _ = try Checkpoint(verifying: response.checkpoint, origin: key.name, verifiers: [key])
      } catch {
        throw Failure(.refused, "The checkpoint is not to be trusted: \(error).")
      }
      session.printer.note("signed by \(key.name)")
    } else {
      session.printer.note(
        "not checked: \(session.configuration.file) has no log_keys.\(log.keyName)")
    }
    try session.printer.result(response) { Printable.lines(response.checkpoint).dropLast() }
    if let save { try SavedCheckpoint.write(response.checkpoint, to: save) }
  }
}
