internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import TestKit
internal import Testing

@testable internal import Approvals

/// Two calls that race, and everything that may come of it.
struct Race: Sendable, CustomTestStringConvertible {
  /// What both were told, and what the log holds of the request from the start of the race on.
  struct Outcome: Hashable, Sendable, CustomStringConvertible {
    let left: String
    let right: String
    let events: String

    init(_ left: String, _ right: String, _ events: String) {
      self.left = left
      self.right = right
      self.events = events
    }

    var description: String { "(\(left), \(right): \(events))" }
  }

  /// The people's tokens of one batch; the clock may stand far from that of the one before.
  struct Tokens: Sendable {
    let oda: CallOptions
    let olaf: CallOptions
    let engineer: CallOptions
    /// The pair whose first call moves the clock beyond the deadline.
    let pivot: Int

    init(_ lockbox: ApprovalsFixture, pivot: Int) {
      oda = lockbox.owner("oda")
      olaf = lockbox.owner("olaf")
      engineer = lockbox.engineer()
      self.pivot = pivot
    }
  }

  /// One side of one pair.
  struct Turn: Sendable {
    let lockbox: ApprovalsFixture
    let tokens: Tokens
    let request: StoredRequest
    let index: Int

    /// `OK`, or the reason why not.
    func answer(_ call: Call) async throws -> String {
      do {
        try await call(self)
        return "OK"
      } catch let error as RPCError {
        return error.reason ?? "\(error.code)"
      }
    }
  }

  typealias Call = @Sendable (Turn) async throws -> Void

  let name: String
  let prepare: @Sendable (ApprovalsFixture, Int) async throws -> [StoredRequest]
  let left: Call
  let right: Call
  let allowed: Set<Outcome>

  var testDescription: String { name }

  private static let granting = "decision_recorded access_request_approved"

  static let all: [Race] = [
    Race(
      name: "approve | expire", prepare: { try await $0.waiting($1, untilDeadline: .seconds(1)) },
      left: { turn in
        // The clock moves among those who approve.
        try await turn.read(turn.index % 4)
        if turn.index == turn.tokens.pivot { turn.lockbox.clock.advance(by: .seconds(2)) }
        try await turn.decide(.approve, turn.tokens.oda)
      },
      right: expire,
      allowed: [
        .init("OK", "OK", granting), .init("REQUEST_EXPIRED", "OK", "access_request_expired"),
      ]),
    Race(
      name: "approve | deny", prepare: { try await $0.waiting($1) },
      left: { try await $0.decide(.approve, $0.tokens.oda) },
      right: { try await $0.decide(.deny, $0.tokens.olaf) },
      allowed: [
        .init("OK", "REQUEST_CLOSED", granting),
        .init("REQUEST_CLOSED", "OK", "decision_recorded access_request_denied"),
      ]),
    Race(
      name: "approve | withdraw", prepare: { try await $0.waiting($1) },
      left: { try await $0.decide(.approve, $0.tokens.oda) },
      right: { turn in
        // It comes by the feed, without a call that would make it slower.
        try await turn.read(turn.index % 3)
        try await turn.withdraw()
      },
      // Withdrawing what is approved gives it back.
      allowed: [
        .init("OK", "OK", granting + " grant_ended"),
        .init("REQUEST_CLOSED", "OK", "access_request_withdrawn"),
      ]),
    Race(
      name: "approve | approve", prepare: { try await $0.waiting($1) },
      left: { try await $0.decide(.approve, $0.tokens.oda) },
      right: { try await $0.decide(.approve, $0.tokens.olaf) },
      allowed: [
        .init("OK", "REQUEST_CLOSED", granting), .init("REQUEST_CLOSED", "OK", granting),
      ]),
    Race(
      name: "issue | revoke", prepare: { try await $0.live($1) },
      left: { turn in
        _ = try await turn.lockbox.people.unary(
          ApprovalsV1.GrantService.issueAccessToken, .init(grantID: turn.grant),
          options: turn.tokens.engineer)
      },
      right: { turn in try await turn.revoke(turn.grant) },
      allowed: [
        .init("OK", "OK", "access_token_issued grant_revoked"),
        .init("GRANT_NOT_LIVE", "OK", "grant_revoked"),
      ]),
    Race(
      name: "expire | expire", prepare: { try await $0.waiting($1, untilDeadline: .zero) },
      left: expire, right: expire, allowed: [.init("OK", "OK", "access_request_expired")]),
    Race(
      name: "approve an extension | revoke what it continues",
      prepare: { try await $0.extensions($1) },
      left: { try await $0.decide(.approve, $0.tokens.oda) },
      right: { turn in
        try await turn.revoke(turn.request.record.extended?.id.description ?? "")
      },
      allowed: [
        .init("OK", "OK", granting + " grant_revoked"),
        .init("REQUEST_CLOSED", "OK", "access_request_denied"),
      ]),
  ]

  /// As expiry does: until approvals' clock has come to the deadline too.
  private static let expire: Call = { turn in
    while true {
      do {
        _ = try await turn.lockbox.expiry.unary(
          ApprovalsV1.DeadlineService.expireAccessRequest,
          .init(requestID: turn.request.record.request.id.description, stage: 1))
        return
      } catch let error as RPCError where error.reason == "NOT_DUE" {
        await Task.yield()
      }
    }
  }
}

extension Race.Turn {
  var grant: String { request.record.grant?.id.description ?? "" }

  func decide(_ verdict: CommonV1.Verdict, _ who: CallOptions) async throws {
    _ = try await lockbox.decide(request, verdict, stage: 1, as: who)
  }

  func revoke(_ grant: String) async throws {
    _ = try await lockbox.people.unary(
      ApprovalsV1.ApprovalsService.revokeGrant, .init(grantID: grant), options: tokens.oda)
  }

  /// Passes the time of some calls.
  func read(_ times: Int) async throws {
    for _ in 0..<times {
      _ = try await lockbox.people.unary(
        ApprovalsV1.ApprovalsService.getAccessRequest,
        .init(requestID: request.record.request.id.description), options: tokens.oda)
    }
  }

  /// As intake's feed brings it.
  func withdraw() async throws {
    let id = request.record.request.id
    let event = EventV1.Event(
      feed: "intake", requestID: id.description,
      actor: .init(subject: .init(request.record.request.engineer), role: "engineer"),
      payload: .withdrawalReceived(.init()))
    try await lockbox.store.write { try $0.applyIntake(event) }
  }
}
