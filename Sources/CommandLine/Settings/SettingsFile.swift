internal import LockboxProto
internal import ProtobufC

/// What a file of settings holds, and everything that is wrong with it.
struct SettingsFile {
  private(set) var documents: [SettingsDocument] = []
  private(set) var problems: [SettingsProblem] = []
  private let file: String

  /// Reads all documents of a YAML text; JSON is YAML too.
  init(_ text: String, file: String) {
    self.file = file
    do throws(YamlFault) {
      for node in try YamlFile.documents(text) { read(ValueTree(node)) }
    } catch {
      var place: ValueTree.Place?
      if let line = error.line, let column = error.column {
        place = .init(line: line, column: column)
      }
      add(place, "", "this is not valid YAML: \(error.problem)")
    }
  }

  private mutating func add(_ place: ValueTree.Place?, _ field: String, _ sentence: String) {
    problems.append(SettingsProblem(file: file, place: place, field: field, sentence: sentence))
  }

  private mutating func read(_ tree: ValueTree) {
    guard case .mapping(let members) = tree.content, let kindTree = tree["kind"] else {
      return add(tree.place, "kind", "is missing: write `kind: Tenant` or `kind: Policy`")
    }
    var word = ""
    if case .scalar(let text, _) = kindTree.content { word = text }
    guard let kind = SettingsKind.allCases.first(where: { $0.word == word }) else {
      return add(
        kindTree.place, "kind", "`\(word)` is no kind; write `Tenant` or `Policy`")
    }
    let before = problems.count
    let ifVersion = version(tree["if_version"])
    let fields = ValueTree(
      .mapping(members.filter { $0.name != "kind" && $0.name != "if_version" }), at: tree.place)
    for (name, expectation) in kind.required where !has(fields, name) {
      add(tree.place, name, "is missing: write \(expectation)")
    }
    let content: SettingsContent?
    let places: [String: ValueTree.Place]
    switch kind {
    case .tenant:
      let reading = CommonV1.TenantSettings.read(fields, .yaml)
      (content, places) = (reading.message.map { .tenant($0) }, reading.places)
      note(reading.problems, kind)
    case .policy:
      let reading = CommonV1.WorkloadPolicy.read(fields, .yaml)
      (content, places) = (reading.message.map { .policy($0) }, reading.places)
      note(reading.problems, kind)
    }
    guard let content, problems.count == before else { return }
    documents.append(
      SettingsDocument(content: content, file: file, ifVersion: ifVersion, places: places))
  }

  private mutating func version(_ tree: ValueTree?) -> UInt64? {
    guard let tree else { return nil }
    if case .scalar(let text, isText: false) = tree.content, let version = UInt64(text) {
      return version
    }
    add(tree.place, "if_version", "must be the version that stands, 0 for none")
    return nil
  }

  /// By either of its names: `tenant_id`, `tenantId`.
  private func has(_ fields: ValueTree, _ name: String) -> Bool {
    let parts = name.split(separator: "_")
    let json = parts.dropFirst().reduce(String(parts[0])) {
      $0 + $1.prefix(1).uppercased() + $1.dropFirst()
    }
    return fields[name] != nil || fields[json] != nil
  }

  private mutating func note(_ found: [TreeProblem], _ kind: SettingsKind) {
    for problem in found {
      add(problem.place, problem.path, problem.reason.sentence(in: problem.path, of: kind))
    }
  }
}
