internal import StrictJSON
internal import TLS

/// Fetches an issuer's keys.
struct RemoteKeys: Sendable {
  let issuer: Issuer
  let environment: Environment

  struct Fetched: Sendable {
    let keys: KeySet
    let freshness: Duration?
  }

  /// - Throws: what is wrong with the issuer's URL or its authorities, whatever the network does.
  static func check(_ issuer: Issuer) throws(KeySetFault) {
    switch issuer.keys {
    case .file: return
    case .url(let text): _ = try url(text)
    case .discovery: _ = try discoveryURL(of: issuer)
    }
    _ = try client(issuer)
  }

  func fetch() async throws(KeySetFault) -> Fetched {
    // Made anew each time, which is seldom: so it trusts whom the file names now.
    let client = try Self.client(issuer)
    let url: HTTPSURL
    switch issuer.keys {
    case .file(let path): throw KeySetFault("\(path) is a file")
    case .url(let text): url = try Self.url(text)
    case .discovery: url = try await discovered(client)
    }
    let answer = try await Self.get(url, client)
    return Fetched(
      keys: try await KeySet(answer.body, environment: environment), freshness: answer.freshness)
  }

  /// OpenID Connect Discovery 1.0 §4.3: the issuer that the document names must be the very one it
  /// was asked of.
  private func discovered(_ client: HTTPSClient) async throws(KeySetFault) -> HTTPSURL {
    let answer = try await Self.get(try Self.discoveryURL(of: issuer), client)
    guard let document = try? JsonParser.parse(answer.body), case .object = document else {
      throw KeySetFault("its discovery document is no JSON object")
    }
    let named = document["issuer"]?.string ?? ""
    guard named.utf8.elementsEqual(issuer.url.utf8) else {
      throw KeySetFault("its discovery document is of another issuer")
    }
    guard let url = document["jwks_uri"]?.string.flatMap({ HTTPSURL($0) }) else {
      throw KeySetFault("its discovery document names no `jwks_uri` with https")
    }
    return url
  }

  private static func get(
    _ url: HTTPSURL, _ client: HTTPSClient
  ) async throws(KeySetFault) -> HTTPSClient.Answer {
    do {
      return try await client.get(url)
    } catch {
      throw KeySetFault("\(url) cannot be fetched: \(error)")
    }
  }

  private static func discoveryURL(of issuer: Issuer) throws(KeySetFault) -> HTTPSURL {
    guard let url = HTTPSURL(wellKnown: "openid-configuration", of: issuer.url) else {
      throw KeySetFault("keys are discovered only where the issuer is an https URL without a query")
    }
    return url
  }

  private static func url(_ text: String) throws(KeySetFault) -> HTTPSURL {
    guard let url = HTTPSURL(text) else { throw KeySetFault("\(text) is no https URL") }
    return url
  }

  private static func client(_ issuer: Issuer) throws(KeySetFault) -> HTTPSClient {
    do {
      return try HTTPSClient(authorities: issuer.authorities)
    } catch {
      throw KeySetFault("\(error)")
    }
  }
}
