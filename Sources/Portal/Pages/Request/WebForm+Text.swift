internal import Web

extension WebForm {
  /// The first value of a field; empty where there is none.
  func text(_ name: String) -> String { self[name] ?? "" }
}

extension String {
  /// Forms send every end of a line as CRLF.
  var unixLines: String { replacing("\r\n", with: "\n") }
}

extension StringProtocol {
  /// Without white space at either end.
  var trimmed: String {
    var rest = self[...]
    while let first = rest.first, first.isWhitespace { rest.removeFirst() }
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return String(rest)
  }
}
