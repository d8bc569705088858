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
            --reason customer-initiated-support --justification 'Mail loops' \\
            --resource mailboxes/alice@acme.test --action read --duration 2h
        id=$(lockboxctl submit …) && lockboxctl watch "$id"
        lockboxctl submit … --idempotency-key ticket-4711   # safe to repeat
      """)

  @Option(help: "Whose content.") var tenant: String
  @Option(help: "The kind of content, such as exchange.") var workload: String
  @Option(help: "Why.") var reason: ReasonArgument
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
  @Flag(help: "Follow the request until it is decided.") var watch = false
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    var generator = SystemRandomNumberGenerator()
    let key =
      idempotencyKey ?? UUIDv7(at: session.shell.now, using: &generator).description
    let response = try await submit(session, key)
    let request = Request.status(response.accessRequest ?? .init())
    let id = request.asked.requestID
    try session.printer.result(response) { [Printable.line(id)] }
    session.printer.note(
      "\(request.state.words.text), digest \(hexadecimal(request.digest)); lockboxctl watch \(id)")
    guard watch, let id = RequestID(id) else { return }
    try await Watching(session: session, until: .decided).follow(id)
  }

  private func submit(
    _ session: Session, _ key: String
  ) async throws(Failure) -> IntakeV1.SubmitAccessRequestResponse {
    let message = IntakeV1.SubmitAccessRequestRequest(
      idempotencyKey: key, tenantID: tenant, workload: workload, reasonCode: reason.code,
      justification: justification, ticket: ticket,
      scope: .init(resources: resources, actions: actions.map(\.action)),
      duration: .init(duration.duration))
    do {
      return try await session.call(
        IntakeV1.IntakeService.submitAccessRequest, message, at: .intake)
    } catch {
      guard error.status == .unavailable || error.status == .temporary else { throw error }
      throw Failure(
        error.status, error.sentence,
        details: error.details + [
          "The request may have been accepted all the same; repeating is safe with "
            + "--idempotency-key \(key)"
        ])
    }
  }
}
