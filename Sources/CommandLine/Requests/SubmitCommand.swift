internal import ArgumentParser
internal import Domain
internal import LockboxProto
internal import StandardProto

struct SubmitCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit",
    abstract: "Ask for access to a tenant's content (engineers).",
    discussion: """
      Prints the new request's id. With --watch it then follows the request until it is decided, \
      and exits with 1 unless it was approved.

      EXAMPLES
        lockboxctl submit --tenant acme --workload exchange --ticket T-4711 \\
            --reason customer-initiated-support --severity high \\
            --justification 'Mail loops' \\
            --resource mailboxes/alice@acme.test --action read --duration 2h
        id=$(lockboxctl submit …) && lockboxctl watch "$id"
        lockboxctl submit … --idempotency-key ticket-4711   # safe to repeat
        lockboxctl submit … --reason production-alert --duration 30m --break-glass
      """)

  @Option(help: "Whose content.") var tenant: String
  @Option(help: "The kind of content, such as exchange.") var workload: String
  @Option(help: "Why.") var reason: ReasonArgument
  @Option(help: "How bad it is; the provider's policy may look at it.")
  var severity: SeverityArgument?
  @Option(help: "Why exactly: the customer reads this.") var justification: String
  @Option(help: "The support ticket.") var ticket = ""
  @Option(
    name: .customLong("resource"), parsing: .singleValue,
    help: "What to touch, such as mailboxes/alice@acme.test; may be repeated.")
  var resources: [String]
  @Option(name: .customLong("action"), parsing: .singleValue, help: "How; may be repeated.")
  var actions: [ActionArgument]
  @Option(help: "How long from approval, such as 4h.") var duration: TimeSpan
  @Option(help: "Makes repeating safe: same key and content, same request. Made up if not given.")
  var idempotencyKey: String?
  @Flag(
    help: "An emergency: two of the provider's people decide, the customer reviews it afterwards.")
  var breakGlass = false
  @Flag(help: "Follow the request until it is decided.") var watch = false
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    try await Submission(
      session: session,
      request: .init(
        idempotencyKey: idempotencyKey ?? "", tenantID: tenant, workload: workload,
        reasonCode: reason.code, justification: justification, ticket: ticket,
        scope: .init(resources: resources, actions: actions.map(\.action)),
        duration: .init(duration.duration), severity: severity?.severity ?? .unspecified,
        breakGlass: breakGlass)
    ).submit(watch: watch)
  }
}
