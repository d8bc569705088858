/// A value in a form that SQLite stores.
public enum SQLValue: Sendable, Hashable {
  case null
  case integer(Int64)
  /// Refused with `outOfRange` when it is above `Int64.max`.
  case unsigned(UInt64)
  case text(String)
  case blob([UInt8])
}

/// What can stand for a `?` in a statement. Typed ids conform by giving their bytes or text.
public protocol Bindable {
  var sqlValue: SQLValue { get }
}

extension SQLValue: Bindable {
  public var sqlValue: SQLValue { self }
}

extension Int64: Bindable {
  public var sqlValue: SQLValue { .integer(self) }
}

extension Int32: Bindable {
  public var sqlValue: SQLValue { .integer(Int64(self)) }
}

extension Int: Bindable {
  public var sqlValue: SQLValue { .integer(Int64(self)) }
}

extension UInt64: Bindable {
  public var sqlValue: SQLValue { .unsigned(self) }
}

extension Bool: Bindable {
  public var sqlValue: SQLValue { .integer(self ? 1 : 0) }
}

extension String: Bindable {
  public var sqlValue: SQLValue { .text(self) }
}

extension [UInt8]: Bindable {
  public var sqlValue: SQLValue { .blob(self) }
}

extension Optional: Bindable where Wrapped: Bindable {
  public var sqlValue: SQLValue { self?.sqlValue ?? .null }
}
