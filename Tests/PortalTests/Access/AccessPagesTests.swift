internal import Domain
internal import LockboxProto
internal import ServiceKit
internal import TestKit
internal import Testing
internal import Web

@testable internal import Portal

struct AccessPagesTests {
  @Test func `an approver sees who has access, and revokes it with a reason`() async throws {
    try await RealLockbox.run { lockbox in
      let (id, grant) = try await lockbox.granted()
      let ana = try await lockbox.browser(.ana)
      let access = try await ana.ask("GET", "/access")
      #expect(access.status == 200 && access.body.contains("/grants/\(grant)/revoke"))
      #expect(access.body.contains("<progress"))
      let page = try await ana.ask("GET", "/grants/\(grant)/revoke")
      let silent = try await ana.submit(page, to: "/grants/\(grant)/revoke", [])
      #expect(silent.status == 422)
      for _ in 0..<2 {
        let answer = try await ana.submit(
          page, to: "/grants/\(grant)/revoke", [WebField("comment", "enough")])
        #expect(answer.status == 303 && answer.fields["location"] == "/requests/\(id)")
      }
      #expect(try await lockbox.record(id).state == .revoked)
      let after = try await ana.ask("GET", "/access")
      #expect(after.body.contains("Nobody has access."))
    }
  }

  @Test func `the engineer gives it back, and nobody else can`() async throws {
    try await RealLockbox.run { lockbox in
      let (id, grant) = try await lockbox.granted()
      for who in [RealLockbox.Who.ana, .mia] {
        let browser = try await lockbox.browser(who)
        let page = try await browser.ask("GET", "/requests/\(id)")
        #expect(!page.body.contains("/return"))
        #expect(try await browser.post("/grants/\(grant)/return").status == 403)
      }
      let erin = try await lockbox.browser(.erin)
      let page = try await erin.ask("GET", "/requests/\(id)")
      #expect(page.body.contains("/grants/\(grant)/return"))
      #expect(!page.body.contains("/revoke"))
      let revoked = try await erin.post("/grants/\(grant)/revoke", ["comment": "x"])
      #expect(revoked.status == 403)
      #expect(try await erin.post("/grants/\(grant)/return").status == 303)
      #expect(try await lockbox.record(id).state == .ended)
    }
  }

  @Test func `what break-glass gave is marked, and reviewed once it is over`() async throws {
    try await RealLockbox.run { lockbox in
      let id = try await lockbox.submitted {
        $0.isBreakGlass()
      }
      for manager in ["mia", "max"] {
        try await lockbox.approved(
          id,
          by: lockbox.installation.bearer(
            lockbox.installation.provider, manager, [.manager], groups: ["managers"]))
      }
      let ana = try await lockbox.browser(.ana)
      let live = try await ana.ask("GET", "/requests/\(id)")
      #expect(live.body.contains("Break-glass:") && !live.body.contains("/review"))
      let access = try await ana.ask("GET", "/access")
      #expect(access.body.contains("state-break-glass"))
      let page = try await ana.ask("GET", "/requests/\(id)/review")
      let fields = [WebField("verdict", "disputed"), WebField("comment", "Nothing was down")]
      let early = try await ana.submit(page, to: "/requests/\(id)/review", fields)
      #expect(early.status == 409)
      let grant = try #require(try await lockbox.record(id).grant?.grantID)
      _ = try await lockbox.call(
        ApprovalsV1.GrantService.returnGrant, .init(grantID: grant), lockbox.engineer)
      let undecided = try await ana.submit(
        page, to: "/requests/\(id)/review", [WebField("comment", "x")])
      #expect(undecided.status == 422)
      let audrey = try await lockbox.browser(.audrey)
      #expect(try await audrey.post("/requests/\(id)/review", fields.dictionary).status == 403)
      #expect(try await ana.submit(page, to: "/requests/\(id)/review", fields).status == 303)
      let review = try #require(try await lockbox.record(id).review)
      #expect(review.verdict == .disputed && review.comment == "Nothing was down")
    }
  }

  @Test func `what is not there and what is not theirs look alike`() async throws {
    try await RealLockbox.run { lockbox in
      let ana = try await lockbox.browser(.ana)
      for path in [
        "/requests/none", "/requests/019aa0c4-5b7e-7c31-9d1e-1c2a3b4c5d6e",
        "/grants/none/revoke", "/grants/019aa0c4-5b7e-7c31-9d1e-1c2a3b4c5d6e/revoke",
      ] {
        #expect(try await ana.ask("GET", path).status == 404, "\(path)")
      }
    }
  }
}

extension IntakeV1.SubmitAccessRequestRequest {
  fileprivate mutating func isBreakGlass() {
    breakGlass = true
    duration = .init(.minutes(20))
  }
}

extension [WebField] {
  fileprivate var dictionary: [String: String] {
    reduce(into: [:]) { $0[$1.name] = $1.value }
  }
}
