internal import ArgumentParser
internal import LockboxProto

struct ExpiryStatusCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show how many deadlines wait, fired, and are overdue.",
    discussion: """
      EXAMPLES
        lockboxctl expiry status
        lockboxctl expiry status --output json | jq .overdue
      """)

  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let status = try await session.call(
      ExpiryV1.ExpiryService.getExpiryStatus, .init(), at: .expiry)
    try session.printer.page(status) {
      var page = Page()
      page.heading("Expiry")
      page.field("Waiting", Styled("\(status.pending)"))
      page.field("Fired", Styled("\(status.fired)"))
      page.field("Overdue", Styled("\(status.overdue)", status.overdue == 0 ? .plain : .bad))
      page.field("Next", session.shell.times.full(status.nextDeadline))
      page.field("Last lateness", Styled(status.lastLateness.words))
      page.field("Read of approvals' feed", Styled("\(status.approvalsCursor)"))
      return page
    }
  }
}
