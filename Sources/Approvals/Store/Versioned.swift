public import Domain

/// Settings with their version: from 1, one more with each change.
public struct Versioned<Value: Hashable & Sendable>: Hashable, Sendable {
  public let value: Value
  public let version: UInt64
  /// Nil for versions from before it was kept.
  public let applied: Applied?

  public init(_ value: Value, version: UInt64, applied: Applied? = nil) {
    self.value = value
    self.version = version
    self.applied = applied
  }
}

/// When and by whom a version was made.
public struct Applied: Hashable, Sendable {
  public let time: Timestamp
  /// Nil: the system itself.
  public let by: Subject?

  public init(time: Timestamp, by: Subject?) {
    self.time = time
    self.by = by
  }
}
