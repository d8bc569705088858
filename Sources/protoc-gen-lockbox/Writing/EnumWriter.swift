/// Writes the Swift enum of one proto enum.
struct EnumWriter {
  private let type: EnumType
  /// Swift name and value; of aliases only the first.
  private let cases: [(name: String, value: EnumType.Value)]

  init(_ type: EnumType) {
    self.type = type
    var numbers: Set<Int32> = []
    cases = type.values.filter { numbers.insert($0.number).inserted }.map {
      (Names.escaped(Names.enumCase($0.name, of: type)), $0)
    }
  }

  func write(to source: inout SourceText) {
    source.documentation(type.documentation)
    source.block("public enum \(Names.type(type.name)): Enumeration") { source in
      for (name, value) in cases {
        source.documentation(value.documentation)
        source.line("case \(name)")
      }
      source.line("/// A number that this build does not know.")
      source.line("case unrecognized(Int32)")
      source.line()
      writeAllKnown(to: &source)
      source.line()
      source.block("public init(rawValue: Int32)") { source in
        source.line("switch rawValue {")
        source.lines(cases.map { "case \($1.number): self = .\($0)" })
        source.line("default: self = .unrecognized(rawValue)")
        source.line("}")
      }
      source.line()
      source.block("public var rawValue: Int32") { source in
        source.line("switch self {")
        source.lines(cases.map { "case .\($0): \($1.number)" })
        source.line("case .unrecognized(let number): number")
        source.line("}")
      }
      source.line()
      source.block("public var name: String") { source in
        source.line("switch self {")
        source.lines(cases.map { "case .\($0): \"\($1.name)\"" })
        source.line("case .unrecognized(let number): \"\\(number)\"")
        source.line("}")
      }
    }
  }

  private func writeAllKnown(to source: inout SourceText) {
    source.line("public static let allKnown: [\(Names.type(type.name))] = [")
    source.indented { source in
      source.lines(cases.map { ".\($0.name)," })
    }
    source.line("]")
  }
}
