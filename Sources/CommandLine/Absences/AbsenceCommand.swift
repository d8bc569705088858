internal import ArgumentParser
internal import Domain
internal import LockboxProto
internal import StandardProto
internal import Words

struct AbsenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "absence",
    abstract: "Say when you are away, and who decides on your seat (a customer's people).",
    discussion: """
      EXAMPLES
        lockboxctl absence set --until 2026-12-01T08:00:00Z --delegate ben
        lockboxctl absence list
        lockboxctl absence end
      """,
    subcommands: [AbsenceSetCommand.self, AbsenceEndCommand.self, AbsenceListCommand.self])
}

struct AbsenceSetCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Be away for a time (approvers; admins for anybody).",
    discussion: """
      Takes the place of the absence there was. The delegate decides with approve --on-behalf-of. \
      Your own word counts for requests that wait already; an admin's for later ones only. Only who \
      is named in the settings has a seat to lend.

      EXAMPLES
        lockboxctl absence set --until 2026-12-01T08:00:00Z
        lockboxctl absence set --until 2026-12-01T08:00:00Z --delegate ben
        lockboxctl absence set --person anna --from 2026-12-20T00:00:00Z \\
            --until 2027-01-07T00:00:00Z --delegate ben
      """)

  @Option(help: "Who is away, if not you.") var person = ""
  @Option(help: "Who may decide on the seat meanwhile.") var delegate = ""
  @Option(help: "From this moment on (RFC 3339); else from now on.") var from: Timestamp?
  @Option(help: "Until this moment (RFC 3339).") var until: Timestamp
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let response = try await session.call(
      ApprovalsV1.AbsenceService.setAbsence,
      .init(
        person: person, delegate: delegate,
        startTime: from.map { .init(nanosecondsSinceEpoch: $0.nanoseconds) },
        endTime: .init(nanosecondsSinceEpoch: until.nanoseconds)), at: .approvals)
    try session.printer.result(response) {
      let absence = response.absence ?? .init()
      let times = session.shell.times
      let seat = absence.delegate.isEmpty ? "" : ", \(absence.delegate) decides"
      return [
        "\(Printable.line(absence.person))  away until \(times.full(absence.endTime).text)"
          + Printable.line(seat)
      ]
    }
  }
}

struct AbsenceEndCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "end", abstract: "Be back before the end (approvers; admins for anybody).",
    discussion: """
      EXAMPLES
        lockboxctl absence end
        lockboxctl absence end --person anna
      """)

  @Option(help: "Who is back, if not you.") var person = ""
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let response = try await session.call(
      ApprovalsV1.AbsenceService.endAbsence, .init(person: person), at: .approvals)
    try session.printer.result(response) {
      [response.changed ? "The absence is over." : "There was no absence to end."]
    }
  }
}

struct AbsenceListCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List your tenant's absences that are not over.",
    discussion: """
      EXAMPLES
        lockboxctl absence list
        lockboxctl absence list --output json | jq '.absences[].delegate'
      """)

  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let response = try await session.call(
      ApprovalsV1.AbsenceService.listAbsences, .init(), at: .approvals)
    let times = session.shell.times
    try session.printer.table(response, empty: "Nobody is away.") {
      var table = Table("PERSON", "FROM", "TO", "DELEGATE", "SET BY")
      for absence in response.absences {
        table.add(
          Styled(absence.person), times.full(absence.startTime), times.full(absence.endTime),
          Styled(absence.delegate), Styled(absence.own ? "" : absence.setBy?.short ?? ""))
      }
      return table
    }
  }
}
