public import Domain
internal import Yams

/// A witness that the audit service asks for cosignatures.
public struct WitnessEntry: Hashable, Sendable {
  /// Its verifier key: `name+<key id>+<key>`.
  public let key: String
  /// What `/add-checkpoint` is appended to.
  public let url: HTTPSURL
  /// The only tenant whose log it sees; nil: every log, the provider's own too.
  public let tenant: TenantID?
  /// Who vouches for its server: a PEM file.
  public let authorities: String
  /// Where it is written, for complaints.
  public let place: String
}

/// `witnesses.yaml`: one list, `witnesses`, of who is asked for cosignatures.
enum WitnessesFile {
  private enum Keys {
    static let key = Setting<String>.text("key", limit: 512)
    static let url = Setting<HTTPSURL>("url", "a URL with https") { raw in
      let text = raw.text.hasSuffix("/") ? String(raw.text.dropLast()) : raw.text
      return text.contains("?") ? nil : HTTPSURL(text + "/add-checkpoint")
    }
    static let tenant = Setting<TenantID>(
      "tenant", "a tenant id: 1 to 63 of a–z, 0–9 and `-`, beginning with a letter"
    ) { TenantID($0.text) }
    static let authorities = Setting<String>.path(
      "authorities", default: Issuer.systemAuthorities)

    static var all: Set<String> {
      let settings: [any AnySetting] = [key, url, tenant, authorities]
      return Set(settings.map(\.key))
    }
  }

  static func load(_ path: String) throws(StartError) -> [WitnessEntry] {
    let root = try YamlFile.root(path)
    guard let mapping = root.mapping, mapping.count == 1, let list = root["witnesses"]?.sequence
    else {
      throw .configuration("\(path) must hold one key, `witnesses`, with a list of witnesses.")
    }
    var entries: [WitnessEntry] = []
    for node in list {
      let place = YamlFile.place(node, path)
      let values = try ConfigurationValues(
        YamlFile.leaves(of: node, file: path), declared: Keys.all)
      guard let key = try values.find(Keys.key), let url = try values.find(Keys.url),
        let authorities = try values.find(Keys.authorities)
      else { throw .configuration("\(place): a witness needs a `key` and a `url`.") }
      guard !entries.contains(where: { $0.key.utf8.elementsEqual(key.utf8) }) else {
        throw .configuration("\(place): the witness \(key) stands twice: remove one.")
      }
      entries.append(
        WitnessEntry(
          key: key, url: url, tenant: try values.find(Keys.tenant), authorities: authorities,
          place: place))
    }
    return entries
  }
}
