internal import ProtobufC
internal import Words

/// One document of a file of settings.
struct SettingsDocument: Hashable {
  let content: SettingsContent
  let file: String
  /// The version that must stand, 0 for none; nil: any.
  let ifVersion: UInt64?
  /// Where each field stands, by its path.
  let places: [String: ValueTree.Place]

  var name: String { content.name }

  /// Where the field stands, or the nearest thing around it.
  func place(of field: String) -> ValueTree.Place? {
    var path = field[...]
    while !path.isEmpty {
      if let place = places[String(path)] { return place }
      path = path.lastIndex { $0 == "." || $0 == "[" }.map { path[..<$0] } ?? ""
    }
    return places[""]
  }

  func problem(_ field: String, _ sentence: String) -> SettingsProblem {
    SettingsProblem(file: file, place: place(of: field), field: field, sentence: sentence)
  }
}

/// One thing that is wrong with a file of settings.
struct SettingsProblem: Error, Hashable, CustomStringConvertible {
  let file: String
  let place: ValueTree.Place?
  /// The field's path, or the document's name.
  let field: String
  let sentence: String

  /// `file:line:column: field: sentence`, which editors and CI systems find their way by.
  var description: String {
    let where_ = place.map { "\(file):\($0.line):\($0.column)" } ?? file
    let what = field.isEmpty ? sentence : "\(field): \(sentence)"
    return Printable.line("\(where_): \(what)")
  }
}
