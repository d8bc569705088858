internal import Domain
internal import LockboxProto
internal import ServiceKit

/// What a page offers its reader to do with a request. Only a kindness: the API decides who may do
/// what, and refuses whatever is tried all the same.
struct Offers: Hashable, Sendable {
  var decide = false
  var ask = false
  var answer = false
  var withdraw = false
  var revoke = false
  var giveBack = false
  var extend = false
  var review = false
  /// Whether there is a section of them.
  var any = false

  init(on record: ApprovalsV1.AccessRequestRecord, to reader: VerifiedPerson, now: Timestamp) {
    let engineer = record.accessRequest?.engineer ?? .init()
    let isOwn = engineer.issuer == reader.subject.issuer && engineer.id == reader.subject.id
    let isTimely = Timestamp(record.deadline).map { now < $0 } ?? true
    let isCustomers = reader.has(.approver) || reader.has(.admin)
    let isRequester = isOwn && reader.has(.engineer)
    let isOpen = record.state.isPending && isTimely
    let isLive = record.state == .approved && isTimely
    decide = !isOwn && isTimely && record.showsWhatWasAsked && mayDecide(record.state, reader)
    ask = decide
    answer = isRequester && isOpen && record.thread.contains { $0.kind == .question }
    withdraw = isRequester && isOpen
    revoke = isCustomers && isLive
    giveBack = isRequester && isLive
    extend = giveBack && record.accessRequest?.breakGlass != true
    review = isCustomers && !isLive && record.review?.verdict == .unspecified
    any = decide || withdraw || revoke || giveBack || review
  }

  private func mayDecide(
    _ state: CommonV1.AccessRequestState, _ reader: VerifiedPerson
  ) -> Bool {
    switch state {
    case .awaitingProvider: reader.has(.manager)
    case .awaitingCustomer: reader.has(.approver)
    case .unspecified, .received, .approved, .denied, .expired, .withdrawn, .revoked, .ended,
      .unrecognized:
      false
    }
  }
}
