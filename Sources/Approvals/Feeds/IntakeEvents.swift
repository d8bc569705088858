internal import Domain
internal import LockboxProto
internal import ServiceKit

/// What approvals does with intake's feed.
extension ApprovalsTransaction {
  /// Applies one event of intake's feed. An event of a kind that means nothing here is passed over.
  func applyIntake(_ event: EventV1.Event) throws {
    let origin = EventOrigin(
      actor: event.actor ?? EventOrigin.system().actor, trace: event.trace)
    switch event.payload {
    case .accessRequestReceived(let received):
      try open(received, id: event.requestID, origin: origin)
    case .withdrawalReceived(let withdrawal):
      try withdraw(event, comment: withdrawal.comment, origin: origin)
    default:
      // Another service's events, or those of a newer intake.
      break
    }
  }

  private func open(
    _ received: EventV1.AccessRequestReceived, id: String, origin: EventOrigin
  ) throws {
    let request = try AccessRequest(stored: received.accessRequest)
    guard request.id.description == id, request.digest.bytes == received.requestDigest else {
      throw StoredMessageError(message: "access request of intake's feed", id: id)
    }
    // The cursor moves with the effects, so that this cannot happen; a second opening would lose
    // the decisions.
    guard try self.request(request.id) == nil else { return }
    let stored = StoredRequest(
      record: RequestRecord(request: request), accessRequest: received.accessRequest,
      updateTime: time.now)
    _ = try apply(try opening(of: request), to: stored, origin: origin)
  }

  /// What comes too late has no effect; intake hears of the state by our feed.
  private func withdraw(_ event: EventV1.Event, comment: String, origin: EventOrigin) throws {
    guard let id = RequestID(event.requestID), let stored = try request(id),
      let engineer = event.actor?.subject
    else { throw StoredMessageError(message: "withdrawal of intake's feed", id: event.requestID) }
    do {
      _ = try apply(
        .withdraw(by: Subject(engineer)), to: stored, origin: origin, comment: comment)
    } catch is RequestRefused {}
  }
}
