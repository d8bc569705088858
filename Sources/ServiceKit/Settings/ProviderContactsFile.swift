public import Domain
internal import Yams

/// Somebody of the provider's who hears of requests by mail.
public typealias ProviderContact = MailRecipient

/// One list, `contacts`, of who of the provider's people hears of requests.
enum ProviderContactsFile {
  private enum Keys {
    static let address = Setting<String>("address", "a mail address, local@domain") {
      MailAddressRule.allows($0.text) ? $0.text : nil
    }
    static let language = Setting<NoticeLanguage>("language", "one of: en, de") {
      NoticeLanguage(rawValue: $0.text)
    }
    static let workloads = Setting<Set<Workload>>(
      "workloads", "names of workloads with commas between them"
    ) { raw in
      let names = raw.text.split(separator: ",").map { name in
        Workload(String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()))
      }
      return names.isEmpty || names.contains(nil) ? nil : Set(names.compactMap { $0 })
    }

    static var all: Set<String> { [address.key, language.key, workloads.key] }
  }

  static func load(_ path: String) throws(StartError) -> [ProviderContact] {
    let root = try YamlFile.root(path)
    guard let mapping = root.mapping, mapping.count == 1, let list = root["contacts"]?.sequence
    else {
      throw .configuration("\(path) must hold one key, `contacts`, with a list of contacts.")
    }
    var contacts: [ProviderContact] = []
    for node in list {
      let place = YamlFile.place(node, path)
      let values = try ConfigurationValues(
        YamlFile.leaves(of: node, file: path), declared: Keys.all)
      guard let address = try values.find(Keys.address) else {
        throw .configuration("\(place): a contact needs an `address`.")
      }
      guard !contacts.contains(where: { $0.address == address }) else {
        throw .configuration("\(place): the contact \(address) stands twice: remove one.")
      }
      contacts.append(
        ProviderContact(
          address: address, language: try values.find(Keys.language),
          workloads: try values.find(Keys.workloads) ?? []))
    }
    return contacts
  }
}
