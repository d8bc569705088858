internal import Domain
internal import LockboxProto
internal import Words

/// A request on its way to intake, and what is told of it.
struct Submission {
  let session: Session
  private let message: IntakeV1.SubmitAccessRequestRequest

  /// - Parameter request: with an empty idempotency key, one is made up.
  init(session: Session, request: IntakeV1.SubmitAccessRequestRequest) {
    self.session = session
    var message = request
    if message.idempotencyKey.isEmpty {
      var generator = SystemRandomNumberGenerator()
      message.idempotencyKey =
        UUIDv7(at: session.shell.now, using: &generator).description
    }
    self.message = message
  }

  /// Prints the new request's id.
  /// - Parameter watch: Whether to follow the request until it is decided.
  func submit(watch: Bool) async throws {
    let response = try await send()
    let request = Request.status(response.accessRequest ?? .init())
    let id = request.asked.requestID
    try session.printer.result(response) { [Printable.line(id)] }
    session.printer.note(
      "\(request.state.words.text), digest \(hexadecimal(request.digest)); lockboxctl watch \(id)")
    guard watch, let id = RequestID(id) else { return }
    try await Watching(session: session, until: .decided).follow(id)
  }

  private func send() async throws(Failure) -> IntakeV1.SubmitAccessRequestResponse {
    do {
      return try await session.call(
        IntakeV1.IntakeService.submitAccessRequest, message, at: .intake)
    } catch {
      guard error.status == .unavailable || error.status == .temporary else { throw error }
      throw Failure(
        error.status, error.sentence,
        details: error.details + [
          "The request may have been accepted all the same; repeating is safe with "
            + "--idempotency-key \(message.idempotencyKey)"
        ])
    }
  }
}
