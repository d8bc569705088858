internal import ArgumentParser
internal import Domain
internal import DomainProto
internal import LockboxProto
internal import ProtobufC
internal import Words

struct AuditTailCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "tail", abstract: "Follow a log until Ctrl-C.",
    discussion: """
      EXAMPLES
        lockboxctl audit tail --tenant acme
        lockboxctl audit tail --tenant acme --from 120 --output json | jq -c .
      """)

  @OptionGroup var log: LogOption
  @Option(help: "The first index to print; 0 is the first entry of the log.") var from: UInt64 = 0
  @Flag(help: "Print the events as JSON, one a line.") var events = false
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    try await session.stream(
      AuditV1.AuditService.tailEntries, .init(tenantID: log.id, startIndex: from), at: .audit
    ) { answer in
      for entry in answer.entries {
        if events { try session.printer.event(entry) } else { try print(entry, session) }
      }
      return true
    }
  }

  private func print(_ entry: AuditV1.Entry, _ session: Session) throws(Failure) {
    try session.printer.result(entry) {
      guard entry.leafHash.isEmpty else { return ["\(entry.index)  dropped by retention"] }
      guard let event = try? EventV1.Event(serialized: entry.event) else {
        return ["\(entry.index)  not an event"]
      }
      let time = Timestamp(event.time).map { session.shell.times.clock($0) } ?? ""
      let parts = ["\(entry.index)", time, event.kind, event.requestID, event.who, event.summary]
      return [parts.filter { !$0.isEmpty }.map(Printable.line).joined(separator: "  ")]
    }
  }
}
