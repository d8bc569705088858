internal import ArgumentParser
internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import Verification
internal import Words

struct AuditCheckpointCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoint", abstract: "Print a log's newest signed checkpoint.",
    discussion: """
      The checkpoint is a C2SP signed note: keep it, and `audit verify --since` shows later that \
      nothing before it was changed. Where the configuration has the log's key, the signature is \
      checked. --since with --proof writes the proof that the log only grew since an older one, for \
      `lockbox-verify checkpoint`: the body that C2SP tlog-witness sends.

      EXAMPLES
        lockboxctl audit checkpoint --tenant acme
        lockboxctl audit checkpoint --tenant acme --save acme.checkpoint
        lockboxctl audit checkpoint --tenant acme --since old.note --proof new.proof
      """)

  @OptionGroup var log: LogOption
  @Option(help: "Write it to this file too.", completion: .file()) var save: String?
  @Option(help: "An older checkpoint that the log must contain.", completion: .file())
  var since: String?
  @Option(help: "Write the proof of that to this file.", completion: .file()) var proof: String?
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if (since == nil) != (proof == nil) {
      throw ValidationError("--since and --proof go together.")
    }
  }

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
    if let since, let proof {
      try await prove(response.checkpoint, since: since, into: proof, session)
    }
  }

  private func prove(
    _ note: String, since: String, into file: String, _ session: Session
  ) async throws {
    let body: AddCheckpoint
    do {
      let older = try Checkpoint(parsing: SignedNote(parsing: SavedCheckpoint.read(since)).text)
      let newer = try SignedNote(parsing: note)
      let hashes = try await SessionLog(session: session, log: log).consistencyProof(
        from: older.size, to: try Checkpoint(parsing: newer.text).size)
      body = try AddCheckpoint(oldSize: older.size, proof: hashes, note: newer)
    } catch let error as NoteError {
      throw Failure(.data, "\(since) is no signed checkpoint: \(error).")
    } catch let fault as LogFault {
      throw Failure(.refused, fault.sentence)
    } catch let error as CheckpointError {
      throw Failure(.data, "\(since) is no signed checkpoint: \(error).")
    }
    try SavedCheckpoint.write(body.body, to: file)
  }
}
