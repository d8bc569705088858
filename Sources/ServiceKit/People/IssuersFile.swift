internal import Domain
internal import Yams

/// `issuers.yaml`: one list, `issuers`, of who speaks for whom.
enum IssuersFile {
  private enum Keys {
    static let issuer = Setting<String>("issuer", "a URL in printable ASCII") { raw in
      let bytes = raw.text.utf8
      let printable = bytes.allSatisfy { (0x21...0x7e).contains($0) }
      return raw.text.contains("://") && bytes.count <= 256 && printable ? raw.text : nil
    }
    static let audience = Setting<String>.text("audience", limit: 256)
    static let keys = Setting<String>.path("keys")
    static let tenant = Setting<TenantID>(
      "tenant", "a tenant id: 1 to 63 of a–z, 0–9 and `-`, beginning with a letter"
    ) { TenantID($0.text) }
    static let roles = Setting<String>.text("roles_claim", limit: 256, default: "roles")
    static let groups = Setting<String>.text("groups_claim", limit: 256, default: "groups")
    static let development = Setting<Bool>.flag("development", default: false)

    static var all: Set<String> {
      let settings: [any AnySetting] = [
        issuer, audience, keys, tenant, roles, groups, development,
      ]
      return Set(settings.map(\.key))
    }
  }

  static func load(_ path: String, environment: Environment) throws(StartError) -> [Issuer] {
    let root = try YamlFile.root(path)
    guard let mapping = root.mapping, mapping.count == 1, let list = root["issuers"]?.sequence,
      !list.isEmpty
    else {
      throw .configuration("\(path) must hold one key, `issuers`, with a list of issuers.")
    }
    var issuers: [Issuer] = []
    for node in list {
      let issuer = try issuer(node, file: path)
      let place = YamlFile.place(node, path)
      if issuer.isDevelopment && environment == .production {
        throw .configuration(
          """
          \(place): the issuer \(issuer.url) is for development, and `environment` is \
          `production`: remove the issuer.
          """)
      }
      for other in issuers {
        if other.url == issuer.url {
          throw .configuration("\(place): the issuer \(issuer.url) stands twice: remove one.")
        }
        // People are named by subject id alone in policies: a second issuer of the same side could
        // give one person two ids, or two persons one.
        if other.affiliation == issuer.affiliation {
          throw .configuration(
            """
            \(place): \(other.url) speaks for \(describe(issuer.affiliation)) already: \
            one issuer a side.
            """)
        }
      }
      issuers.append(issuer)
    }
    return issuers
  }

  private static func issuer(_ node: Node, file: String) throws(StartError) -> Issuer {
    let values = try ConfigurationValues(
      YamlFile.leaves(of: node, file: file), declared: Keys.all)
    func value<Value>(_ setting: Setting<Value>) throws(StartError) -> Value {
      guard let value = try values.find(setting) else {
        throw .configuration(
          "\(YamlFile.place(node, file)): an issuer lacks `\(setting.key)`: write \(setting.expectation)."
        )
      }
      return value
    }
    return Issuer(
      url: try value(Keys.issuer), audience: try value(Keys.audience),
      keys: try value(Keys.keys),
      affiliation: try values.find(Keys.tenant).map { .tenant($0) } ?? .provider,
      rolesClaim: try value(Keys.roles), groupsClaim: try value(Keys.groups),
      isDevelopment: try value(Keys.development))
  }

  private static func describe(_ affiliation: Affiliation) -> String {
    switch affiliation {
    case .provider: "the provider"
    case .tenant(let tenant): "the tenant \(tenant)"
    }
  }
}
