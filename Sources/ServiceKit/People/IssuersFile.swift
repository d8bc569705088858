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
    static let keys = Setting<KeySource>("keys", "a path, or a URL with https") { raw in
      if raw.text.contains("://") { return HTTPSURL(raw.text).map { .url($0.description) } }
      return raw.path.map { .file($0) }
    }
    static let authorities = Setting<String>.path(
      "authorities", default: Issuer.systemAuthorities)
    static let longestKeyAge = Setting<Duration>.duration(
      "longest_key_age", in: .seconds(60) ... .hours(168), default: Issuer.usualKeyAge)
    static let missingKeyID = Setting<Bool>.flag("allow_missing_key_id", default: false)
    static let prefix = Setting<String>(
      "prefix", "1 to 32 of a–z, 0–9 and `-`, then `:`, for instance `corp:`"
    ) { raw in
      let name = raw.text.utf8.dropLast()
      let isPlain = name.allSatisfy {
        (0x30...0x39).contains($0) || (0x61...0x7a).contains($0) || $0 == UInt8(ascii: "-")
      }
      return raw.text.hasSuffix(":") && (1...32).contains(name.count) && isPlain ? raw.text : nil
    }
    static let tenant = Setting<TenantID>(
      "tenant", "a tenant id: 1 to 63 of a–z, 0–9 and `-`, beginning with a letter"
    ) { TenantID($0.text) }
    static let roles = Setting<String>.text("roles_claim", limit: 256, default: "roles")
    static let groups = Setting<String>.text("groups_claim", limit: 256, default: "groups")
    static let development = Setting<Bool>.flag("development", default: false)

    static var all: Set<String> {
      let settings: [any AnySetting] = [
        issuer, audience, keys, authorities, longestKeyAge, missingKeyID, tenant, prefix, roles,
        groups, development,
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
    var urls: Set<String> = []
    // The issuers of each side by their prefixes.
    var sides: [Affiliation: [String: String]] = [:]
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
      guard urls.insert(issuer.url).inserted else {
        throw .configuration("\(place): the issuer \(issuer.url) stands twice: remove one.")
      }
      if let other = sides[issuer.affiliation, default: [:]].updateValue(
        issuer.url, forKey: issuer.prefix)
      {
        throw .configuration(
          """
          \(place): \(other) speaks for \(describe(issuer.affiliation)) already: give one of \
          them a `prefix` of its own, such as `corp:`, for its people's names in policies.
          """)
      }
      issuers.append(issuer)
    }
    return issuers.map { issuer in
      var issuer = issuer
      if issuer.prefix.isEmpty {
        issuer.foreignPrefixes = Set(sides[issuer.affiliation, default: [:]].keys).subtracting([""])
      }
      return issuer
    }
  }

  private static func issuer(_ node: Node, file: String) throws(StartError) -> Issuer {
    let plain = node.mapping?.filter { $0.key.string != rolesKey }
    let values = try ConfigurationValues(
      YamlFile.leaves(of: plain.map { Node($0.map { ($0.key, $0.value) }) } ?? node, file: file),
      declared: Keys.all)
    func value<Value>(_ setting: Setting<Value>) throws(StartError) -> Value {
      guard let value = try values.find(setting) else {
        throw .configuration(
          "\(YamlFile.place(node, file)): an issuer lacks `\(setting.key)`: write \(setting.expectation)."
        )
      }
      return value
    }
    var issuer = Issuer(
      url: try value(Keys.issuer), audience: try value(Keys.audience),
      keys: try values.find(Keys.keys) ?? .discovery,
      affiliation: try values.find(Keys.tenant).map { .tenant($0) } ?? .provider)
    issuer.authorities = try value(Keys.authorities)
    issuer.longestKeyAge = try value(Keys.longestKeyAge)
    issuer.allowsMissingKeyID = try value(Keys.missingKeyID)
    issuer.rolesClaim = try value(Keys.roles)
    issuer.groupsClaim = try value(Keys.groups)
    issuer.prefix = try values.find(Keys.prefix) ?? ""
    issuer.isDevelopment = try value(Keys.development)
    if let mapping = node.mapping?[rolesKey] {
      issuer.roleMapping = try roleMapping(mapping, of: issuer, file: file)
    }
    return issuer
  }

  private static let rolesKey = "roles"

  /// `roles`: for each role, the values of the roles claim that give it.
  private static func roleMapping(
    _ node: Node, of issuer: Issuer, file: String
  ) throws(StartError) -> [String: Set<RoleWord>] {
    var mapping: [String: Set<RoleWord>] = [:]
    guard let roles = node.mapping else {
      throw .configuration(
        "\(YamlFile.place(node, file)): `roles` must be a mapping of roles to lists of values.")
    }
    for (name, values) in roles {
      let place = YamlFile.place(name, file)
      guard let text = name.string, let word = RoleWord(rawValue: text) else {
        throw .configuration("\(place): `\(name.string ?? "")` is no role.")
      }
      if case .role(let role) = word, role.isProviders != (issuer.affiliation == .provider) {
        throw .configuration(
          "\(place): `\(text)` is no role that \(describe(issuer.affiliation)) can give.")
      }
      guard let list = values.sequence, !list.isEmpty,
        let texts = Optional(list.compactMap(\.string)), texts.count == list.count
      else {
        throw .configuration("\(place): `\(text)` must be a list of values of the roles claim.")
      }
      for value in texts { mapping[value, default: []].insert(word) }
    }
    return mapping
  }

  private static func describe(_ affiliation: Affiliation) -> String {
    switch affiliation {
    case .provider: "the provider"
    case .tenant(let tenant): "the tenant \(tenant)"
    }
  }
}
