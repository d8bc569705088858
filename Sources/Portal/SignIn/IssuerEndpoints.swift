internal import Domain
internal import ServiceKit
internal import StrictJSON
internal import Synchronization

/// Where an issuer signs people in.
struct IssuerEndpoints: Hashable, Sendable {
  let authorization: HTTPSURL
  let token: HTTPSURL
  let endSession: HTTPSURL?
  /// Whether the issuer says who it is when it sends people back (RFC 9207 §3): then it must.
  let namesItself: Bool

  /// Reads a discovery document (OpenID Connect Discovery 1.0 §3); nil where it is another
  /// issuer's, or names no https endpoints.
  init?(document: [UInt8], of issuer: String) {
    guard let json = try? JsonParser.parse(document),
      json["issuer"]?.string.map({ $0.utf8.elementsEqual(issuer.utf8) }) ?? false,
      let authorization = json["authorization_endpoint"]?.string.flatMap({ HTTPSURL($0) }),
      let token = json["token_endpoint"]?.string.flatMap({ HTTPSURL($0) })
    else { return nil }
    self.authorization = authorization
    self.token = token
    endSession = json["end_session_endpoint"]?.string.flatMap { HTTPSURL($0) }
    namesItself = json["authorization_response_iss_parameter_supported"] == .bool(true)
  }

  /// What the configuration says; nil where it leaves that to discovery.
  init?(_ client: IssuerClient) {
    guard let authorization = client.authorizationEndpoint, let token = client.tokenEndpoint
    else { return nil }
    self.authorization = authorization
    self.token = token
    endSession = client.endSessionEndpoint
    namesItself = false
  }
}

/// The endpoints of one issuer, discovered when they are first needed and again after an hour.
final class EndpointDirectory: Sendable {
  private let client: IssuerClient
  private let https: HTTPSClient
  private let clock: any WallClock
  private let known = Mutex<(endpoints: IssuerEndpoints, until: Timestamp)?>(nil)

  private static let freshness = Duration.hours(1)

  init(_ client: IssuerClient, _ https: HTTPSClient, _ clock: any WallClock) {
    self.client = client
    self.https = https
    self.clock = clock
  }

  func endpoints() async throws(SignInFault) -> IssuerEndpoints {
    if let written = IssuerEndpoints(client) { return written }
    let now = clock.now()
    if let known = known.withLock({ $0 }), now < known.until { return known.endpoints }
    let usual = HTTPSURL(wellKnown: "openid-configuration", of: client.issuer.url)
    guard let url = client.configurationURL ?? usual else {
      throw .unreachable("its URL has no discovery document")
    }
    let answer: HTTPSClient.Answer
    do {
      answer = try await https.get(url)
    } catch {
      throw .unreachable("\(error)")
    }
    guard let found = IssuerEndpoints(document: answer.body, of: client.issuer.url) else {
      throw .unreachable("its discovery document is not of this issuer, or names no endpoints")
    }
    known.withLock { $0 = (found, now + Self.freshness) }
    return found
  }
}
