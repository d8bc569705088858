internal import Domain
internal import Files
internal import ServiceKit

/// As whom the portal is known at one issuer, and what it takes from there.
struct IssuerClient: Sendable {
  /// Which of an issuer's tokens the API takes.
  enum APIToken: String, Sendable, CaseIterable {
    case idToken = "id_token"
    case accessToken = "access_token"
  }

  /// In addresses: `provider`, or the tenant's id, unless the file says another word.
  let organisation: String
  /// For people to choose by.
  let name: String
  let issuer: Issuer
  let clientID: String
  let secretFile: String?
  let apiToken: APIToken
  let scope: String
  /// Whom to trust at its server: a PEM file.
  let authorities: String
  /// Its discovery document, where that does not lie below the issuer's own URL.
  let configurationURL: HTTPSURL?
  /// What is not discovered.
  let authorizationEndpoint: HTTPSURL?
  let tokenEndpoint: HTTPSURL?
  let endSessionEndpoint: HTTPSURL?

  /// The secret as it is now; nil for a public client.
  func secret() throws(FileError) -> String? {
    guard let secretFile else { return nil }
    let text = try File.readText(secretFile, limit: 4_096)
    return String(text.prefix { !$0.isNewline })
  }
}

/// `clients.yaml`: one list, `clients`.
enum ClientsFile {
  private enum Keys {
    static let issuer = Setting<String>.text("issuer", limit: 256)
    static let organisation = Setting<String>(
      "organisation", "1 to 63 of a–z, 0–9 and `-`, beginning with a letter"
    ) { TenantID($0.text)?.description }
    static let name = Setting<String>.text("name", limit: 128)
    static let clientID = Setting<String>.text("client_id", limit: 256)
    static let secret = Setting<String>.path("client_secret_file")
    static let apiToken = Setting<IssuerClient.APIToken>.oneOf("api_token", default: .accessToken)
    static let scope = Setting<String>.text("scope", limit: 512, default: "openid profile")
    static let authorities = Setting<String>.path("authorities")
    static let configuration = url("configuration_url")
    static let authorization = url("authorization_endpoint")
    static let token = url("token_endpoint")
    static let endSession = url("end_session_endpoint")

    static func url(_ key: String) -> Setting<HTTPSURL> {
      Setting<HTTPSURL>(key, "an https URL") { HTTPSURL($0.text) }
    }

    static var all: [any AnySetting] {
      [
        issuer, organisation, name, clientID, secret, apiToken, scope, authorities, configuration,
        authorization, token, endSession,
      ]
    }
  }

  static func load(_ path: String, _ issuers: [Issuer]) throws(StartError) -> [IssuerClient] {
    var clients: [IssuerClient] = []
    for (values, place) in try ConfigurationList.load(path, key: "clients", settings: Keys.all) {
      let client = try client(values, place, issuers)
      guard !clients.contains(where: { $0.organisation == client.organisation }) else {
        throw .configuration(
          "\(place): the organisation `\(client.organisation)` stands twice: give one of them "
            + "an `organisation` of its own.")
      }
      clients.append(client)
    }
    return clients
  }

  private static func client(
    _ values: ConfigurationValues, _ place: String, _ issuers: [Issuer]
  ) throws(StartError) -> IssuerClient {
    let url = try values.get(Keys.issuer, at: place)
    guard let issuer = issuers.first(where: { $0.url.utf8.elementsEqual(url.utf8) }) else {
      throw .configuration(
        "\(place): the issuer \(url) is not in `issuers`: the services would take no token of it.")
    }
    let usual =
      switch issuer.affiliation {
      case .provider: "provider"
      case .tenant(let tenant): tenant.description
      }
    let clientID = try values.get(Keys.clientID, at: place)
    let apiToken = try values.get(Keys.apiToken, at: place)
    let (authorization, token) = (
      try values.find(Keys.authorization), try values.find(Keys.token)
    )
    guard (authorization == nil) == (token == nil) else {
      throw .configuration(
        "\(place): `authorization_endpoint` and `token_endpoint` belong together: "
          + "write both or neither.")
    }
    let configuration = try values.find(Keys.configuration)
    if token == nil, configuration == nil,
      HTTPSURL(wellKnown: "openid-configuration", of: issuer.url) == nil
    {
      throw .configuration(
        "\(place): endpoints are discovered only where the issuer is an https URL: write "
          + "`configuration_url`, or `authorization_endpoint` and `token_endpoint`.")
    }
    let organisation = try values.find(Keys.organisation) ?? usual
    return IssuerClient(
      organisation: organisation, name: try values.find(Keys.name) ?? organisation,
      issuer: issuer, clientID: clientID, secretFile: try values.find(Keys.secret),
      apiToken: apiToken, scope: try values.get(Keys.scope, at: place),
      authorities: try values.find(Keys.authorities) ?? issuer.authorities,
      configurationURL: configuration,
      authorizationEndpoint: authorization, tokenEndpoint: token,
      endSessionEndpoint: try values.find(Keys.endSession))
  }
}
