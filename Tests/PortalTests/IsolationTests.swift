internal import Domain
internal import LockboxProto
internal import ServiceKit
internal import StandardProto
internal import TestKit
internal import Testing

@testable internal import Portal
@testable internal import Web

@Suite("Portal: other tenants' things")
struct IsolationTests {
  @Test("every page and form answers a foreign id as it answers a missing one (I6)")
  func foreignIsMissing() async throws {
    try await RealLockbox.run { lockbox in
      let foreign = try await foreignGrant(lockbox)
      let missing = RequestID.make(at: lockbox.clock.now()).description
      for who in [RealLockbox.Who.ana, .adam, .audrey] {
        let browser = try await lockbox.browser(who)
        for route in lockbox.fixture.portal.site.routes.all where route.events == nil {
          let pattern = route.pattern.description
          guard pattern.contains(":"), !Self.ofNoTenant.contains(where: pattern.hasPrefix) else {
            continue
          }
          for id in [foreign.request, foreign.grant] {
            let answers = try await [id, missing].asyncMap { id in
              try await answer(browser, route.method.rawValue, pattern, id)
            }
            #expect(answers[0] == answers[1], "\(who) \(route.method) \(pattern)")
            #expect(!answers[0].contains("the foreign secret"))
          }
        }
      }
    }
  }

  /// Addresses whose open places name nothing of a tenant.
  private static let ofNoTenant = ["/assets/", "/sign-in/", "/language/"]

  /// What a browser is answered, without the id itself.
  private func answer(
    _ browser: TestBrowser, _ method: String, _ pattern: String, _ id: String
  ) async throws -> String {
    let target = pattern.split(separator: "/", omittingEmptySubsequences: false)
      .map { $0.hasPrefix(":") ? id : String($0) }.joined(separator: "/")
    let answer =
      method == "GET"
      ? try await browser.ask("GET", target)
      : try await browser.post(target, ["comment": "a", "verdict": "approve", "step": "confirm"])
    let location = answer.fields["location"] ?? ""
    return "\(answer.status) \(location) \(answer.body)".replacing(id, with: "ID")
  }

  /// A live grant of another tenant.
  private func foreignGrant(
    _ lockbox: RealLockbox
  ) async throws -> (request: String, grant: String) {
    let olga = lockbox.installation.bearer(lockbox.installation.provider, "olga", [.operator])
    _ = try await lockbox.call(
      ApprovalsV1.TenantService.applyTenant,
      .init(
        settings: .init(
          tenantID: "fabrikam", displayName: "Fabrikam", lockboxEnabled: false,
          longestAccess: .init(seconds: 14_400), contacts: ["it@fabrikam.test"])), olga)
    var id: String?
    let isKnown = await eventually {
      id = try? await lockbox.submitted {
        $0.tenantID = "fabrikam"
        $0.justification = "the foreign secret"
      }
      return id != nil
    }
    try #require(isKnown, "intake does not hear of the other tenant")
    let request = try #require(id)
    try await lockbox.approved(request, by: lockbox.manager)
    return (request, try #require(try await lockbox.record(request).grant?.grantID))
  }
}

extension Sequence {
  fileprivate func asyncMap<T>(_ transform: (Element) async throws -> T) async rethrows -> [T] {
    var all: [T] = []
    for element in self { all.append(try await transform(element)) }
    return all
  }
}
