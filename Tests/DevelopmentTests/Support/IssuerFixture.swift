internal import CommandLine
internal import Domain
internal import ProtobufC
internal import ServiceKit
internal import StrictJSON
internal import TemporaryFiles
internal import TestKit
internal import Testing

@testable internal import Development
@testable internal import Web

/// The issuers of a `dev init` of its own, asked without a network.
struct IssuerFixture {
  static let redirect = "https://localhost:7710/sign-in/callback"
  static let verifier = String(repeating: "v", count: 43)
  static let challenge = Base64URL.encode(Sha256.digest(Array(verifier.utf8)))

  let home = TemporaryDirectory()
  let clock = FakeClock()
  let routes: WebRoutes

  init(_ flags: [String] = []) async throws {
    let directory = home.file("dev")
    let status = await CommandLineTool.run(["dev", "init", "--directory", directory])
    try #require(status == .success)
    let settings = try IssuerSettings(
      file: nil, environment: [:],
      flags: ["directory=\(directory)", "issuer.redirect_uris=\(Self.redirect)"] + flags)
    let issuers = try DevelopmentIssuers(directory: directory)
    routes = IssuerHandlers(issuers, settings, clock: clock).routes
  }

  /// A sign-in that is right.
  static let asked = [
    "response_type": "code", "client_id": "lockbox-portal", "redirect_uri": redirect,
    "scope": "openid profile", "state": "the state", "nonce": "the nonce",
    "code_challenge": challenge, "code_challenge_method": "S256",
  ]

  func redeeming(_ code: String) -> [String: String] {
    [
      "grant_type": "authorization_code", "client_id": "lockbox-portal", "code": code,
      "code_verifier": Self.verifier, "redirect_uri": Self.redirect,
    ]
  }

  func get(_ path: String, _ query: [WebField] = []) async throws -> WebResponse {
    try await ask("GET", path, query: query)
  }

  /// - Parameter more: after the others, with names that may be there already.
  func post(
    _ path: String, _ form: [String: String], more: [WebField] = [], headers: [WebField] = []
  ) async throws -> WebResponse {
    let fields = form.map { WebField($0.key, $0.value) } + more
    let body = fields.map { "\(encode($0.name))=\(encode($0.value))" }.joined(separator: "&")
    return try await ask(
      "POST", path, body: body,
      headers: [WebField("content-type", "application/x-www-form-urlencoded")] + headers)
  }

  private func encode(_ text: String) -> String {
    text.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private func ask(
    _ method: String, _ path: String, query: [WebField] = [], body: String = "",
    headers: [WebField] = []
  ) async throws -> WebResponse {
    let segments = path.split(separator: "/").map(String.init)
    guard case .route(let found) = routes.match(method, segments) else { throw WebError.notFound }
    return try await found.route.handler(
      WebRequest(
        method: found.route.method, segments: segments, parameters: found.parameters,
        rest: found.rest, query: query, fields: headers, body: Array(body.utf8), peer: nil,
        trace: nil, admitted: nil))
  }

  /// Signs in on the page, and takes the code to the client.
  func code(of person: String = "ana", at issuer: String = "acme") async throws -> String {
    var form = Self.asked
    form["person"] = person
    let answer = try Answer(try await post("/\(issuer)/authorize", form))
    return try #require(answer.parameters["code"])
  }
}

/// Where an answer sends the browser.
struct Answer {
  let target: String
  let parameters: [String: String]

  init(_ response: WebResponse) throws {
    try #require(response.status == 303, "\(response.text)")
    let location = try #require(response.field("location"))
    let parts = location.split(separator: "?", maxSplits: 1).map(String.init)
    target = parts[0]
    let pairs = try #require(FormText.fields(Array(parts[1].utf8)[...]))
    parameters = Dictionary(pairs.map { ($0.name, $0.value) }) { first, _ in first }
  }
}

extension WebResponse {
  var text: String { String(decoding: body, as: UTF8.self) }

  func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }

  func json() throws -> Json { try JsonParser.parse(body) }
}
