internal import ArgumentParser
internal import Domain
internal import DomainProto
internal import LockboxProto
internal import Words

struct PeopleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "people",
    abstract: "Which subjects are one human, and so count once (admins, operators).",
    discussion: """
      A subject is written ID@ISSUER, as the bearer token names it.

      EXAMPLES
        lockboxctl people link --tenant acme ana@https://id.acme.test \\
            ana.b@https://id.acme.test
        lockboxctl people list --tenant acme
        lockboxctl people unlink --tenant acme ana.b@https://id.acme.test
      """,
    subcommands: [PeopleLinkCommand.self, PeopleUnlinkCommand.self, PeopleListCommand.self])
}

/// `ID@ISSUER`: ids may hold an @, issuers' URLs do not.
struct SubjectArgument: ExpressibleByArgument, Equatable {
  let subject: CommonV1.Subject

  init?(argument: String) {
    guard let at = argument.lastIndex(of: "@") else { return nil }
    let (id, issuer) = (argument[..<at], argument[argument.index(after: at)...])
    guard !id.isEmpty, issuer.contains("://") else { return nil }
    subject = CommonV1.Subject(issuer: String(issuer), id: String(id))
  }
}

/// Whose people are meant.
struct AffiliationOptions: ParsableArguments {
  @Option(help: "Your tenant; none: the provider's people.") var tenant: TenantID?
}

struct PeopleLinkCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "link", abstract: "Let subjects count as one human.",
    discussion: """
      From now on, on pending requests too. A link gives nobody a right.

      EXAMPLES
        lockboxctl people link erin@https://id.provider.test \\
            erin-admin@https://id.provider.test
      """)

  @Argument(help: "Two or more, each ID@ISSUER.") var subjects: [SubjectArgument]
  @OptionGroup var affiliation: AffiliationOptions
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if subjects.count < 2 { throw ValidationError("Name two subjects at least.") }
  }

  func run(_ session: Session) async throws {
    let response = try await session.call(
      ApprovalsV1.SubjectLinkService.linkSubjects,
      .init(tenantID: affiliation.tenant?.text ?? "", subjects: subjects.map(\.subject)),
      at: .approvals)
    try session.printer.result(response) { [Printable.line(response.person?.words ?? "")] }
  }
}

struct PeopleUnlinkCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "unlink", abstract: "Let a subject count for itself again.",
    discussion: """
      Nobody unlinks subjects that they are one of.

      EXAMPLES
        lockboxctl people unlink --tenant acme ana.b@https://id.acme.test
      """)

  @Argument(help: "ID@ISSUER.") var subject: SubjectArgument
  @OptionGroup var affiliation: AffiliationOptions
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let response = try await session.call(
      ApprovalsV1.SubjectLinkService.unlinkSubject,
      .init(tenantID: affiliation.tenant?.text ?? "", subject: subject.subject), at: .approvals)
    try session.printer.result(response) {
      [Printable.line(response.person?.words ?? "nobody is left to be linked with")]
    }
  }
}

struct PeopleListCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the linked people of a side.",
    discussion: """
      EXAMPLES
        lockboxctl people list --tenant acme --output json
      """)

  @OptionGroup var affiliation: AffiliationOptions
  @OptionGroup var limit: LimitOption
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let (people, more) = try await session.pages(limit) { token in
      let page = try await session.call(
        ApprovalsV1.SubjectLinkService.listLinkedPeople,
        .init(
          tenantID: affiliation.tenant?.text ?? "", pageSize: limit.pageSize, pageToken: token),
        at: .approvals)
      return (page.people, page.nextPageToken)
    }
    try session.printer.table(
      ApprovalsV1.ListLinkedPeopleResponse(people: people), empty: "Nobody is linked."
    ) {
      var table = Table("SUBJECTS", "LINKED BY", "SINCE")
      for person in people {
        table.add(
          Styled(person.words), Styled(person.linkedBy?.short ?? ""),
          session.shell.times.full(person.linkTime))
      }
      return table
    }
    session.noteMore(more, than: people.count)
  }
}
