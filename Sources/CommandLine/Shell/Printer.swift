internal import ProtobufC

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

  /// A word to the person beside the result; not to programs.
  func note(_ text: String) {
    if format == .table { shell.note(Printable.line(text)) }
  }
}
