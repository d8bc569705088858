internal import ArgumentParser
internal import Domain
internal import Verification

struct AuditExportCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write all that a log holds of a period into a folder, with its proofs.",
    discussion: """
      Entries as logged, the signed checkpoint, inclusion and consistency proofs, the evidence of \
      each grant, a copy of the events to read (JSON lines), and a page for auditors to read and \
      print (summary.html). `lockbox-verify evidence FOLDER` checks it anywhere, offline; the same \
      log gives the same bytes. What lies before the period goes in as far as an access could last \
      into it; --whole takes the log from its first entry on. The log's key comes from log_keys.

      EXAMPLES
        lockboxctl audit export --tenant acme --from 2026-10-01T00:00:00Z \\
            --to 2026-11-01T00:00:00Z --out 2026-10
      """)

  @OptionGroup var log: LogOption
  @Option(help: "From this moment on (RFC 3339).") var from: Timestamp
  @Option(help: "Before this moment (RFC 3339).") var to: Timestamp
  @Option(help: "The folder to make.", completion: .directory) var out: String
  @Option(help: "An older checkpoint that the log must contain.", completion: .file())
  var since: String?
  @Flag(help: "From the first entry on.") var whole = false
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if from >= to { throw ValidationError("--from must be before --to.") }
  }

  func run(_ session: Session) async throws {
    guard let key = session.configuration.logKeys[log.keyName] else {
      throw Failure.configuration(
        """
        \(session.configuration.file) has no log_keys.\(log.keyName): write the log's verifier \
        key, from whom you trust to know it.
        """)
    }
    let folder = try EvidenceDirectory(out)
    let kept = try since.map { path throws(Failure) in try SavedCheckpoint.read(path) }
    let evidence: PeriodEvidence
    do {
      evidence = try await EvidenceCollector(
        SessionLog(session: session, log: log), of: log.id, key: key, period: from..<to
      ).evidence(isWhole: whole, since: kept)
    } catch let fault as LogFault {
      throw Failure(.refused, fault.sentence, details: fault.details)
    }
    let files: [String: [UInt8]]
    do {
      files = try EvidenceFolder.files(of: evidence)
    } catch {
      throw Failure(.refused, "The evidence cannot be written: \(error).")
    }
    let (report, _) = EvidenceCheck(log: key).check(files: files)
    session.printer.report(report)
    if let failure = report.firstFailure {
      throw Failure(
        .refused, "The log's evidence does not hold, and nothing was written: \(failure.check).")
    }
    try folder.write(files)
    session.printer.note(
      "\(files.count) files in \(out); lockbox-verify evidence \(out) checks them")
  }
}
