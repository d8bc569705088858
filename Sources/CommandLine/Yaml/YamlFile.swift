internal import Files
internal import Words
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
    do throws(YamlFault) {
      return try documents(text)
    } catch {
      throw Failure(.data, "\(file) is not valid YAML: \(error.description).")
    }
  }

  /// As above, with the place of what is wrong.
  static func documents(_ text: String) throws(YamlFault) -> [Node] {
    do {
      var sequence = try compose_all(yaml: text)
      var documents: [Node] = []
      while let document = sequence.next() {
        if !isNull(document) { documents.append(document) }
      }
      // The sequence ends silently where the text stops being YAML.
      if let error = sequence.error { throw error }
      return documents
    } catch {
      throw YamlFault(error)
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
}

/// Why a text is no YAML.
struct YamlFault: Error, CustomStringConvertible {
  let line: Int?
  let column: Int?
  let problem: String

  init(_ error: any Error) {
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      (line, column, self.problem) = (mark.line, mark.column, problem)
    case .duplicatedKeysInMapping(let names, let context):
      (line, column) = (context.mark.line, context.mark.column)
      problem = "\(names.map { "`\($0)`" }.joined(separator: ", ")) stands twice in a mapping"
    case .no, .memory, .reader, .writer, .emitter, .representer, .dataCouldNotBeDecoded, nil:
      (line, column) = (nil, nil)
      // The parser's complaint spans lines and draws arrows; a sentence does not.
      problem = "\(error)".split(separator: "\n").first.map(String.init) ?? "unreadable"
    }
  }

  var description: String {
    let words = Printable.line(problem)
    guard let line, let column else { return words }
    return "line \(line), column \(column): \(words)"
  }
}
