internal import Domain
internal import LockboxProto
internal import ServiceKit
internal import StandardProto
internal import TestKit

@testable internal import Approvals

/// Many requests at once, at the point where a race begins.
extension ApprovalsFixture {
  /// Requests that wait for the customer.
  ///
  /// - Parameter rest: what is left until their deadline; nil: all of it.
  func waiting(_ count: Int, untilDeadline rest: Duration? = nil) async throws -> [StoredRequest] {
    let engineer = Subject(issuer: installation.provider.url, id: "erin")
    let opened = try await waiting(count, engineer: engineer) { _ in nil }
    if let rest, let deadline = opened.first?.record.deadline { clock.set(deadline - rest) }
    return opened
  }

  /// Requests with a live grant.
  func live(_ count: Int) async throws -> [StoredRequest] {
    let opened = try await waiting(count)
    return try await store.write { transaction in
      try opened.map { try transaction.approve($0, stage: 1, by: Sample.owner("oda")) }
    }
  }

  /// Requests that wait for the customer, each to continue a live grant.
  func extensions(_ count: Int) async throws -> [StoredRequest] {
    let granted = try await live(count)
    let engineer = Subject(issuer: installation.provider.url, id: "erin")
    return try await waiting(count, engineer: engineer) { granted[$0].record.grant?.id }
  }

  private func waiting(
    _ count: Int, engineer: Subject, extends: @Sendable @escaping (Int) -> GrantID?
  ) async throws -> [StoredRequest] {
    let now = clock.now()
    return try await store.write { transaction in
      try (0..<count).map { index in
        let event = try Sample.received(at: now, engineer: engineer, extends: extends(index))
        try transaction.applyIntake(event)
        return try transaction.approve(
          transaction.request(RequestID(event.requestID)!)!, stage: 0, by: Sample.manager("mia"))
      }
    }
  }
}

extension ApprovalsTransaction {
  fileprivate func approve(
    _ stored: StoredRequest, stage: Int, by person: Person
  ) throws -> StoredRequest {
    try apply(
      .decide(
        .approve, stage: stage, by: person, digest: stored.record.request.digest, comment: "",
        grantID: .make(at: time.now)), to: stored, origin: .system())
  }
}
