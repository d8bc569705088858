internal import Yams

/// Somebody whom a development issuer vouches for.
struct DevelopmentPerson: Hashable {
  /// What `--as` takes.
  let name: String
  let issuer: DevelopmentIssuer
  /// `sub`.
  let subject: String
  let displayName: String
  let email: String
  let roles: [String]
  let groups: [String]
}

/// `people.yaml`: who `--as NAME` is.
enum PeopleFile {
  private static let keys = ["issuer", "subject", "display_name", "email", "roles", "groups"]

  static func read(_ file: String) throws(Failure) -> [DevelopmentPerson] {
    let text = try YamlFile.text(file, status: .configuration)
    var problems = YamlProblems(file: file)
    let documents = try YamlFile.documents(text, file: file)
    var people: [DevelopmentPerson] = []
    if let document = documents.first,
      let root = YamlMapping(document, name: "people.yaml", keys: ["people"], &problems)
    {
      for (key, value) in root.node("people")?.mapping.map(Array.init) ?? [] {
        if let person = person(key.string ?? "", value, &problems) { people.append(person) }
      }
    }
    guard problems.found.isEmpty else {
      throw .configuration(
        "The people of \(file) cannot be read.", details: problems.found.map(\.description))
    }
    return people
  }

  private static func person(
    _ name: String, _ node: Node, _ problems: inout YamlProblems
  ) -> DevelopmentPerson? {
    guard
      let mapping = YamlMapping(
        node, path: "people.\(name)", name: "a person", keys: keys, &problems),
      let issuer = mapping.required("issuer", "`provider` or a tenant's id", &problems)
    else { return nil }
    return DevelopmentPerson(
      name: name, issuer: DevelopmentIssuer(name: issuer),
      subject: mapping.text("subject", &problems) ?? name,
      displayName: mapping.text("display_name", &problems) ?? name,
      email: mapping.text("email", &problems) ?? "\(name)@\(issuer).test",
      roles: mapping.texts("roles", &problems), groups: mapping.texts("groups", &problems))
  }

  /// For shell completion: silent where there is nobody to name.
  static func namesForCompletion() -> [String] {
    let configuration = try? Configuration.find(nil, environment: Shell.system.environment)
    guard let directory = configuration?.developmentDirectory else { return [] }
    let people = try? read(DevelopmentDirectory(root: directory).people)
    return people?.map(\.name) ?? []
  }

  /// The people of the story.
  static let initial = """
    # Who `lockboxctl --as NAME` is, and whom `lockbox-dev issuer` lets sign in. Each issuer's key
    # lies in issuers/. Mail goes to NAME@ISSUER.test unless `email` says another address.
    people:
      # The provider's people.
      erin: {issuer: provider, display_name: Erin Engineer, roles: [engineer]}
      emil: {issuer: provider, display_name: Emil Engineer, roles: [engineer]}
      max: {issuer: provider, display_name: Max Manager, roles: [manager], groups: [managers]}
      mia: {issuer: provider, display_name: Mia Manager, roles: [manager], groups: [managers]}
      moe: {issuer: provider, display_name: Moe Manager, roles: [manager], groups: [managers]}
      dora: {issuer: provider, display_name: Dora Duty, roles: [manager], groups: [duty-managers]}
      olga: {issuer: provider, display_name: Olga Operator, roles: [operator]}
      # acme: lockbox on.
      ana: {issuer: acme, display_name: Ana Approver, roles: [approver], groups: [approvers]}
      abe: {issuer: acme, display_name: Abe Approver, roles: [approver], groups: [approvers]}
      adam: {issuer: acme, display_name: Adam Admin, roles: [admin]}
      alma: {issuer: acme, display_name: Alma Auditor, roles: [auditor]}
      # globex: lockbox on, requests live a few seconds.
      gina: {issuer: globex, display_name: Gina Approver, roles: [approver], groups: [approvers]}
      gus: {issuer: globex, display_name: Gus Admin, roles: [admin]}
      greta: {issuer: globex, display_name: Greta Auditor, roles: [auditor]}
      # initech: lockbox off.
      ivan: {issuer: initech, display_name: Ivan Admin, roles: [admin]}
      iris: {issuer: initech, display_name: Iris Auditor, roles: [auditor]}

    """
}
