internal import ArgumentParser
internal import FoundationEssentials
internal import Words

/// The files that hold settings.
struct SettingsSource: ParsableArguments {
  @Option(
    name: [.short, .customLong("file")], parsing: .singleValue,
    help: "YAML file, directory of them, or - for standard input; may be repeated.",
    completion: .file(extensions: ["yaml", "yml"]))
  var files: [String]

  /// All documents of all files.
  /// - Throws: everything that is wrong with any of them, at once.
  func read(_ shell: Shell) throws(Failure) -> [SettingsDocument] {
    try Self.read(files, shell)
  }

  static func read(_ files: [String], _ shell: Shell) throws(Failure) -> [SettingsDocument] {
    var documents: [SettingsDocument] = []
    var problems: [SettingsProblem] = []
    for path in try paths(files) {
      let text =
        path == "-"
        ? String(decoding: try shell.readInput(), as: UTF8.self)
        : try YamlFile.text(path, status: .data)
      let file = SettingsFile(text, file: path == "-" ? "standard input" : path)
      documents += file.documents
      problems += file.problems
    }
    var seen: [String: SettingsDocument] = [:]
    for document in documents {
      if let first = seen.updateValue(document, forKey: document.name) {
        problems.append(document.problem("", "\(document.name) stands twice, in \(first.file) too"))
      }
    }
    try check(problems)
    guard !documents.isEmpty else { throw Failure(.data, "The files hold no documents.") }
    return documents
  }

  static func check(_ problems: [SettingsProblem], status: CommandStatus = .data) throws(Failure) {
    guard problems.isEmpty else {
      throw Failure(
        status, "Nothing was applied: correct this and try again.",
        details: problems.map(\.description))
    }
  }

  /// A directory stands for the YAML files in it, by name.
  private static func paths(_ files: [String]) throws(Failure) -> [String] {
    var paths: [String] = []
    for file in files {
      var isDirectory = false
      guard file != "-", FileManager.default.fileExists(atPath: file, isDirectory: &isDirectory),
        isDirectory
      else {
        paths.append(file)
        continue
      }
      let directory = file.hasSuffix("/") ? String(file.dropLast()) : file
      guard let names = try? FileManager.default.contentsOfDirectory(atPath: file) else {
        throw Failure(.data, "\(file) cannot be read.")
      }
      paths += names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted()
        .map { "\(directory)/\($0)" }
    }
    return paths
  }
}
