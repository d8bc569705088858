internal import Files
internal import Yams

/// One thing that is wrong with a YAML file.
struct YamlProblem: Hashable, CustomStringConvertible {
  let file: String
  let line: Int
  let text: String

  var description: String { "\(file):\(line): \(text)" }
}

/// Collects everything that is wrong, so that one run tells all.
struct YamlProblems {
  let file: String
  private(set) var found: [YamlProblem] = []

  init(file: String) { self.file = file }

  mutating func add(_ line: Int, _ text: String) {
    found.append(YamlProblem(file: file, line: line, text: text))
  }
}

/// The documents of a YAML text.
enum YamlFile {
  /// Empty documents are left out.
  static func documents(_ text: String, file: String) throws(Failure) -> [Node] {
    do {
      var sequence = try compose_all(yaml: text)
      var documents: [Node] = []
      while let document = sequence.next() {
        if !isNull(document) { documents.append(document) }
      }
      // The sequence ends silently where the text stops being YAML.
      if let error = sequence.error { throw error }
      return documents
    } catch let error as YamlError {
      throw Failure(.data, "\(file) is not valid YAML: \(oneLine("\(error)")).")
    } catch {
      throw Failure(.data, "\(file) is not valid YAML.")
    }
  }

  static func text(_ path: String, status: CommandStatus) throws(Failure) -> String {
    do {
      return try File.readText(path)
    } catch {
      throw Failure(status, "\(error.path) cannot be read: \(error.reason).")
    }
  }

  private static func isNull(_ node: Node) -> Bool {
    guard case .scalar(let scalar) = node else { return false }
    return scalar.string.isEmpty || scalar.string == "~" || scalar.string == "null"
  }

  /// The parser's complaint spans lines and draws arrows; a sentence does not.
  private static func oneLine(_ text: String) -> String {
    text.split(separator: "\n").first.map { Printable.line(String($0)) } ?? "unreadable"
  }
}
