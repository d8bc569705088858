internal import ProtobufC
internal import Verification
internal import Words

/// Prints results the way they were asked for.
struct Printer: Sendable {
  let shell: Shell
  let format: OutputOptions.Format
  let style: Style

  init(_ shell: Shell, _ options: OutputOptions) {
    self.shell = shell
    format = options.output
    let wanted = !options.noColor && (shell.environment["NO_COLOR"] ?? "").isEmpty
    style = Style(isColoured: wanted && shell.isOutputTerminal)
  }

  /// A message as one line of canonical JSON, or what `human` makes of it.
  func result(_ message: some Message, human: () -> [String]) throws(Failure) {
    switch format {
    case .json: try json(message)
    case .table: human().forEach(shell.print)
    }
  }

  func json(_ message: some Message) throws(Failure) {
    do {
      shell.print(try ProtobufJSON.encode(message))
    } catch {
      throw Failure(.software, "The answer cannot be written as JSON: \(error).")
    }
  }

  func table(
    _ message: some Message, empty: String, _ table: () -> Table
  ) throws(Failure) {
    try result(message) {
      let table = table()
      return table.rows.isEmpty ? [style.paint(empty, .faint)] : table.lines(style)
    }
  }

  func page(_ message: some Message, _ page: () -> Page) throws(Failure) {
    try result(message) { page().lines(style) }
  }

  /// Everything that a verification looked at.
  func report(_ report: Report) {
    switch format {
    case .json: shell.print(report.json)
    case .table:
      var table = Table("", "CHECK", "FOUND")
      for finding in report.findings {
        let check = Styled(finding.check)
        switch finding.outcome {
        case .holds(let found): table.add(Styled("✓", .good), check, Styled(found))
        case .fails(let problem): table.add(Styled("✗", .bad), check, Styled(problem, .bad))
        case .notReached:
          table.add(Styled("·", .faint), check, Styled("not reached", .faint))
        }
      }
      table.lines(style).forEach(shell.print)
    }
  }

  /// A word to the person beside the result; not to programs.
  func note(_ text: String) {
    if format == .table { shell.note(Printable.line(text)) }
  }
}
