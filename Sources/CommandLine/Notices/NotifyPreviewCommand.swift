internal import ArgumentParser
internal import LockboxProto
internal import Words

struct NotifyPreviewCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview", abstract: "Show what a notice says, without sending it.",
    discussion: """
      EXAMPLES
        lockboxctl notify preview --tenant acme --kind approval-needed --language de
        lockboxctl notify preview --tenant acme --kind denied --request "$request"
        lockboxctl notify preview --tenant acme --kind approved --html > approved.html
      """)

  @OptionGroup var owner: NotifyOwnerOption
  @Option(help: "What it is about.") var kind: NoticeKindArgument
  @Option(help: "The tenant's language if not given.") var language: LanguageArgument?
  @Option(help: "A request as it is; a made-up one if not given.") var request: String?
  @Option(help: "How much it says; as the tenant's settings say if not given.")
  var detail: DetailArgument?
  @Flag(help: "As the engineer is told, not managers.") var engineer = false
  @Flag(help: "Print the HTML part.") var html = false
  @OptionGroup var options: GlobalOptions

  enum DetailArgument: String, CaseIterable, ExpressibleByArgument {
    case none, summary, full

    var message: CommonV1.NoticeDetail {
      switch self {
      case .none: .none
      case .summary: .summary
      case .full: .full
      }
    }
  }

  func run(_ session: Session) async throws {
    let response = try await session.call(
      NotifyV1.NotifyService.previewNotice,
      .init(
        tenantID: owner.id, kind: kind.kind, language: language?.rawValue ?? "",
        requestID: request ?? "", detail: detail?.message ?? .unspecified,
        audience: engineer ? .engineer : .unspecified), at: .notify)
    try session.printer.result(response) {
      html
        ? Printable.lines(response.html)
        : ["Subject: \(Printable.line(response.subject))", ""] + Printable.lines(response.text)
    }
  }
}
