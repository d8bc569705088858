/// Text of a statement, made from literals only: no value that came from outside can get into it.
///
/// Parts can be joined (`"SELECT … WHERE " + filter`); values go through `?` and a binding.
public struct SQL: Sendable, Hashable, ExpressibleByStringLiteral {
  let text: String

  public init(stringLiteral literal: StaticString) {
    text = literal.withUTF8Buffer { String(decoding: $0, as: UTF8.self) }
  }

  private init(text: String) {
    self.text = text
  }

  public static func + (left: SQL, right: SQL) -> SQL {
    SQL(text: left.text + right.text)
  }
}
