/// A short name of one kind, as operators choose them: 1 to 63 of a–z, 0–9 and `-`, beginning with
/// a letter and not ending in `-`, so that it stands safely in URLs, origins and file names.
public struct Name<Kind>: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let text: String

  /// Nil when `text` breaks the rule.
  public init?(_ text: String) {
    guard Limits.nameLength.contains(text.utf8.count), let first = text.utf8.first,
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first), text.utf8.last != UInt8(ascii: "-"),
      text.utf8.allSatisfy({ byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
      })
    else { return nil }
    self.text = text
  }

  public static func < (left: Self, right: Self) -> Bool { left.text < right.text }
  public var description: String { text }
}

public enum TenantKind {}
public enum WorkloadKind {}

/// One customer.
public typealias TenantID = Name<TenantKind>
/// A kind of content, which chooses the provider's policy.
public typealias Workload = Name<WorkloadKind>
