internal import ArgumentParser
internal import LogStore
internal import MerkleLog
internal import Words

struct AuditFsckCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "fsck",
    abstract: "Check the files of a stopped audit service: every byte, hash and checkpoint.",
    discussion: """
      Needs the files only. With the logs' verifier keys (--log-key) the checkpoints' signatures \
      are checked too. Exits with 0 when all is as it was logged, 1 when something is not, and \
      names it by file, byte, sequence, log and index; 3 when the check could not be finished.

      EXAMPLES
        lockboxctl audit fsck /var/lib/lockbox/audit/log
        lockboxctl audit fsck --log-key "$(cat acme.vkey)" backup/log
      """)

  @Argument(
    help: "The log's directory: `log` in the service's data directory.", completion: .directory)
  var directory: String
  @Option(
    name: .customLong("log-key"), parsing: .singleValue,
    help: "A log's verifier key (C2SP vkey); may be repeated.")
  var keys: [String] = []
  @OptionGroup var output: OutputOptions

  func validate() throws { _ = try verifiers() }

  private func verifiers() throws -> [NoteVerifier] {
    try keys.map { key in
      do {
        return try NoteVerifier(vkey: key)
      } catch {
        throw ValidationError("--log-key '\(key)' is no verifier key: \(error)")
      }
    }
  }

  func run(in shell: Shell) async throws {
    let verifiers = try verifiers()
    var unverified = 0
    let report: LogStoreCheck.Report
    do {
      guard try LogStoreCheck.isStore(at: directory) else {
        throw Failure(.incomplete, "\(directory) holds no log: it has no segments.")
      }
      report = try LogStoreCheck(at: directory).run { checkpoint in
        guard let note = try? SignedNote(parsing: checkpoint.note) else { return false }
        let origin = note.text.prefix { $0 != "\n" }
        guard let key = verifiers.first(where: { $0.name.rawValue == origin }) else {
          unverified += 1
          return true
        }
        return (try? note.verify([key])) != nil
      }
    } catch let error as LogStoreError {
      throw Failure(.incomplete, "The check could not be finished: \(error).")
    }
    tell(report, unverified, Printer(shell, output))
    if !report.faults.isEmpty {
      throw Failure(.refused, "The log is not what was logged.")
    }
  }

  private func tell(_ report: LogStoreCheck.Report, _ unverified: Int, _ printer: Printer) {
    let repairs = (report.tornTail.map { [$0] } ?? []) + report.derived
    switch printer.format {
    case .json:
      printer.shell.print(
        JSONText.object([
          ("entries", JSONText.string("\(report.entries)")), ("logs", "\(report.logs)"),
          ("segments", "\(report.segments)"), ("checkpoints", "\(report.checkpoints)"),
          ("checkpointsUnverified", "\(unverified)"),
          ("faults", JSONText.array(report.faults.map(\.json))),
          ("repairs", JSONText.array(repairs.map(\.json))),
        ]))
    case .table:
      let shell = printer.shell
      for fault in report.faults {
        shell.print("\(printer.style.paint("✗", .bad)) \(Printable.line(fault.description))")
      }
      for repair in repairs {
        shell.print("• \(Printable.line(repair.description)) (mended at the next start)")
      }
      guard report.faults.isEmpty else { return }
      shell.print(
        "\(printer.style.paint("✓", .good)) \(report.entries) entries in \(report.logs) logs and "
          + "\(report.segments) segments are what was logged")
      let checked = report.checkpoints - unverified
      shell.print(
        "\(printer.style.paint("✓", .good)) \(report.checkpoints) checkpoints are of these "
          + "entries; the signatures of \(checked) were checked")
    }
  }
}

extension LogStoreFault {
  fileprivate var json: String {
    var members = [("file", JSONText.string(file)), ("reason", JSONText.string(reason))]
    if let segment { members.append(("segment", "\(segment)")) }
    if let offset { members.append(("byte", JSONText.string("\(offset)"))) }
    if let sequences {
      members.append(("firstSequence", JSONText.string("\(sequences.lowerBound)")))
      members.append(("lastSequence", JSONText.string("\(sequences.upperBound)")))
    }
    if let entry {
      members.append(("log", JSONText.string(entry.log)))
      members.append(("index", JSONText.string("\(entry.index)")))
    }
    return JSONText.object(members)
  }
}
