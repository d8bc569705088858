internal import LockboxProto

/// The view model of `request.mustache`.
struct RequestPage: Sendable {
  let request: RequestView
  let offers: Offers

  init(_ record: ApprovalsV1.AccessRequestRecord, _ visit: Visit) {
    request = RequestView(record, visit.reading)
    offers = Offers(on: record, to: visit.person, now: visit.now)
  }
}
