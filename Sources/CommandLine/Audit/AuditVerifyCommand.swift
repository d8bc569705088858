internal import ArgumentParser
internal import Domain
internal import MerkleLog
internal import Words

struct AuditVerifyCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Fetch a whole log and prove that its signed checkpoint is of exactly these entries.",
    discussion: """
      Recomputes the tree from every entry and compares it with the checkpoint, whose signature is \
      checked with log_keys of the configuration. --since proves besides that the log is an older, \
      saved one with entries appended. Exits with 1 and names the first bad entry if not.

      EXAMPLES
        lockboxctl audit verify --tenant acme
        lockboxctl audit verify --tenant acme --since acme.note --save acme.note
      """)

  @OptionGroup var log: LogOption
  @Option(help: "An older checkpoint that the log must contain.", completion: .file())
  var since: String?
  @Option(help: "Write the verified checkpoint to this file.", completion: .file())
  var save: String?
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    guard let key = session.configuration.logKeys[log.keyName] else {
      throw Failure.configuration(
        """
        \(session.configuration.file) has no log_keys.\(log.keyName): write the log's verifier \
        key, from whom you trust to know it.
        """)
    }
    let older = try since.map { path throws(Failure) in
      try LogVerification.checkpoint(try SavedCheckpoint.read(path), key, what: path)
    }
    let verification = LogVerification(session: session, log: log, key: key)
    let (note, checkpoint) = try await verification.verify(since: older)
    if let save { try SavedCheckpoint.write(note, to: save) }
    switch session.printer.format {
    case .json:
      session.shell.print(
        JSONText.object([
          ("origin", JSONText.string(checkpoint.origin)),
          ("size", JSONText.string("\(checkpoint.size)")),
          ("rootHash", JSONText.string("\(checkpoint.root)")),
          ("consistentSince", older.map { JSONText.string("\($0.size)") } ?? "null"),
        ]))
    case .table:
      let style = session.printer.style
      var lines = ["\(checkpoint.size) entries of \(checkpoint.origin) are in the signed tree"]
      if let older { lines.append("the log of size \(older.size) is its beginning") }
      for line in lines { session.shell.print("\(style.paint("✓", .good)) \(line)") }
    }
  }
}
