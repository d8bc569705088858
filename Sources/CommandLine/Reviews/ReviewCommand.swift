internal import ArgumentParser
internal import Domain
internal import LockboxProto
internal import Words

struct ReviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "review",
    abstract: "What the provider did without your approval: list, close (a customer's people).",
    discussion: """
      EXAMPLES
        lockboxctl review list
        lockboxctl review close "$id" --verdict accepted --comment 'INC-7, as told'
      """,
    subcommands: [ReviewListCommand.self, ReviewCloseCommand.self])
}

struct ReviewListCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List break-glass accesses whose review is open, newest first.",
    discussion: """
      EXAMPLES
        lockboxctl review list
        lockboxctl review list --output json | jq '.accessRequests[].review.dueTime'
      """)

  @Option(help: "Only of this tenant.") var tenant: TenantID?
  @OptionGroup var limit: LimitOption
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let (found, more) = try await session.pages(limit) { token in
      let page = try await session.call(
        ApprovalsV1.ApprovalsService.listAccessRequests,
        .init(
          pageSize: limit.pageSize, pageToken: token, tenantID: tenant?.text ?? "",
          openReviewsOnly: true), at: .approvals)
      return (page.accessRequests, page.nextPageToken)
    }
    let message = ApprovalsV1.ListAccessRequestsResponse(accessRequests: found)
    try session.printer.table(message, empty: "No open reviews.") {
      table(found, session.shell.times)
    }
    session.noteMore(more, than: found.count)
  }

  private func table(
    _ records: [ApprovalsV1.AccessRequestRecord], _ times: LocalTime
  ) -> Table {
    var table = Table("REQUEST", "TENANT", "ENGINEER", "REASON", "STATE", "REVIEW DUE")
    for record in records {
      let asked = record.accessRequest ?? .init()
      table.add(
        Styled(asked.requestID), Styled(asked.tenantID), Styled(asked.engineer?.short ?? ""),
        Styled(asked.reasonCode.words), record.state.words,
        times.relative(record.review?.dueTime))
    }
    return table
  }
}

struct ReviewCloseCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "close",
    abstract: "Close the review of a break-glass access that is over.",
    discussion: """
      While a review stays open beyond its time, the provider cannot break the glass again.

      EXAMPLES
        lockboxctl review close "$id" --verdict accepted --comment 'INC-7, as told'
        lockboxctl review close "$id" --verdict disputed --comment 'Nothing was down'
      """)

  @Argument(help: "The request's id, as review list prints it.") var request: RequestID
  @Option(help: "accepted or disputed.") var verdict: ReviewVerdictArgument
  @Option(help: "For the log and the provider.") var comment: String
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if comment.isEmpty { throw ValidationError("--comment must say what you found.") }
  }

  func run(_ session: Session) async throws {
    let response = try await session.call(
      ApprovalsV1.ApprovalsService.closeReview,
      .init(requestID: request.description, verdict: verdict.verdict, comment: comment),
      at: .approvals)
    let record = response.accessRequest ?? .init()
    try session.printer.result(response) {
      [
        "\(Printable.line(record.accessRequest?.requestID ?? ""))  review "
          + (record.review?.verdict.words ?? "")
      ]
    }
  }
}

enum ReviewVerdictArgument: String, ExpressibleByArgument, CaseIterable {
  case accepted
  case disputed

  var verdict: CommonV1.ReviewVerdict {
    switch self {
    case .accepted: .accepted
    case .disputed: .disputed
    }
  }
}
