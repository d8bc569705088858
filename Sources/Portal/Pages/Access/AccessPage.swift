internal import Domain
internal import LockboxProto
internal import ServiceKit

/// The view model of `access.mustache`: who can reach content now, and what waits for a review.
struct AccessPage: Sendable {
  struct Row: Sendable {
    let grant: GrantView
    let mayRevoke: Bool
    let mayReturn: Bool
  }

  struct Review: Sendable {
    let request: RequestView
    let mayReview: Bool
  }

  let grants: [Row]
  let hasMore: Bool
  let showsReviews: Bool
  let reviews: [Review]

  init(
    _ live: ApprovalsV1.ListGrantsResponse, _ open: ApprovalsV1.ListAccessRequestsResponse,
    to reader: VerifiedPerson, _ reading: Reading
  ) {
    let isCustomers = reader.has(.approver) || reader.has(.admin)
    grants = live.grants.compactMap { record in
      guard let grant = record.grant else { return nil }
      let isOwn =
        grant.engineer?.issuer == reader.subject.issuer && grant.engineer?.id == reader.subject.id
      return Row(
        grant: GrantView(grant, isLive: record.state == .approved, reading),
        mayRevoke: isCustomers, mayReturn: isOwn && reader.has(.engineer))
    }
    hasMore = !live.nextPageToken.isEmpty
    showsReviews = reader.tenant != nil
    reviews = open.accessRequests.map { record in
      Review(
        request: RequestView(record, reading),
        mayReview: isCustomers && record.state != .approved)
    }
  }
}
