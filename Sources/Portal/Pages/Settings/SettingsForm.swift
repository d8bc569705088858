internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import Web

/// What somebody typed into a section's form, or what stands there.
struct SettingsForm: Sendable {
  let section: SettingsSection
  /// By item; without white space around, and without empty lines.
  var values: [String: [String]]
  /// By item: what is wrong, ready for people.
  var faults: [String: [String]] = [:]
  /// What is wrong with no item of this section.
  var otherFaults: [String] = []

  /// As the settings say.
  init(_ section: SettingsSection, _ settings: SettingsItem.Settings) {
    self.section = section
    values = section.items.reduce(into: [:]) { $0[$1.name] = $1.read(settings) }
  }

  /// As typed.
  init(_ section: SettingsSection, _ form: WebForm) {
    self.section = section
    values = section.items.reduce(into: [:]) { values, item in
      values[item.name] = form.all(item.name).flatMap { text in
        text.split(whereSeparator: \.isNewline).map { Self.trim($0) }.filter { !$0.isEmpty }
      }
    }
  }

  private static func trim(_ text: Substring) -> String {
    let begun = text.drop(while: \.isWhitespace)
    let ending = begun.reversed().prefix(while: \.isWhitespace).count
    return String(begun.dropLast(ending))
  }

  /// Writes the values into settings; what cannot be understood becomes a fault.
  mutating func write(to settings: inout SettingsItem.Settings, _ texts: Texts) {
    for item in section.items where !item.write(values[item.name] ?? [], &settings) {
      faults[item.name, default: []].append(texts("settings.fault.\(item.kind.word)"))
    }
  }

  /// What the API found wrong, at the items that it is about: the one with the longest path.
  mutating func add(_ violations: [FieldViolation]) {
    for violation in violations {
      let item = section.items.filter { Self.path($0.path, covers: violation.field) }
        .max { $0.path.utf8.count < $1.path.utf8.count }
      if let item {
        faults[item.name, default: []].append(violation.description)
      } else {
        otherFaults.append("\(violation.field): \(violation.description)")
      }
    }
  }

  private static func path(_ path: String, covers field: String) -> Bool {
    guard field.hasPrefix(path) else { return false }
    let rest = field.dropFirst(path.count)
    return rest.isEmpty || rest.hasPrefix(".") || rest.hasPrefix("[")
  }

  var isFaulty: Bool { !faults.isEmpty || !otherFaults.isEmpty }
}

extension SettingsItem.Kind {
  /// Below `settings.fault.`.
  fileprivate var word: String {
    switch self {
    case .count: "count"
    case .duration: "duration"
    case .text, .lines, .flag, .choice, .choices: "value"
    }
  }
}
