internal import ServiceKit
internal import Synchronization
internal import TestKit
internal import Testing
internal import Web

@testable internal import Portal

/// A browser without scripts: keeps cookies of the portal, and goes where it is sent.
final class TestBrowser: Sendable {
  private let fixture: PortalFixture
  private let jar = Mutex<[String: String]>([:])

  init(_ fixture: PortalFixture) { self.fixture = fixture }

  var cookies: [String: String] {
    get { jar.withLock { $0 } }
    set { jar.withLock { $0 = newValue } }
  }

  var session: String? { cookies["__Host-session"] }

  /// One request, without following.
  func ask(
    _ method: String = "GET", _ target: String, _ fields: [String: String] = [:], body: String = ""
  ) async throws -> HTTPSCaller.Answer {
    let caller = try await fixture.caller()
    var fields = fields
    let cookies = cookies.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ")
    if !cookies.isEmpty, fields["cookie"] == nil { fields["cookie"] = cookies }
    if method == "POST" {
      for (name, value) in Self.formFields where fields[name] == nil { fields[name] = value }
    }
    let answer = try await caller.ask(method, target, fields, body: body)
    try await caller.close()
    for cookie in answer.cookies { keep(cookie) }
    return answer
  }

  static let formFields = [
    "content-type": "application/x-www-form-urlencoded", "origin": PortalFixture.origin,
    "sec-fetch-site": "same-origin",
  ]

  private func keep(_ cookie: String) {
    let pair = cookie.prefix { $0 != ";" }.split(
      separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    jar.withLock { jar in
      jar[String(pair[0])] = cookie.contains("Max-Age=0") ? nil : String(pair[1])
    }
  }

  /// Sends a form of a page, as a browser without scripts does.
  func post(
    _ target: String, _ form: [String: String] = [:], token: String? = nil,
    _ fields: [String: String] = [:]
  ) async throws -> HTTPSCaller.Answer {
    var all = form.map { WebField($0.key, $0.value) }
    let own = token ?? session.flatMap { SessionID(cookie: $0)?.formToken }
    if let own { all.append(WebField("form_token", own)) }
    return try await ask("POST", target, fields, body: FormText.text(all))
  }

  /// Begins a sign-in and goes to the issuer.
  /// - Returns: the target at the portal that the issuer sends back to.
  func goToIssuer(_ target: String = "/sign-in/contoso") async throws -> String {
    let begun = try await ask("GET", target)
    try #require(begun.status == 303, "\(begun.body)")
    let location = try #require(begun.fields["location"])
    try #require(location.hasPrefix(fixture.issuer.url))
    let caller = try await HTTPSCaller(
      try #require(Address(String(fixture.issuer.url.dropFirst(8)))), fixture.installation.pki)
    let answer = try await caller.ask(
      "GET", String(location.dropFirst(fixture.issuer.url.utf8.count)))
    try await caller.close()
    let back = try #require(answer.fields["location"])
    try #require(back.hasPrefix(PortalFixture.origin + "/"), "\(back)")
    return String(back.dropFirst(PortalFixture.origin.utf8.count))
  }

  /// Signs in.
  /// - Returns: the last answer.
  func signIn(_ target: String = "/sign-in/contoso") async throws -> HTTPSCaller.Answer {
    let answer = try await ask("GET", goToIssuer(target))
    try #require(answer.status == 303, "\(answer.status) \(answer.body)")
    return answer
  }
}
