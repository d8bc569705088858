/// Plain SHA-256 in one call.
public enum SHA256 {
  public static func hash(_ bytes: [UInt8]) -> Hash { bytes.withUnsafeBytes { hash($0) } }

  public static func hash(_ bytes: UnsafeRawBufferPointer) -> Hash {
    DigestContext.digest(prefix: nil, bytes)
  }
}

/// The hashes of RFC 6962 §2.1.
extension Hash {
  /// SHA-256(0x00 ‖ entry).
  public static func leaf(_ entry: [UInt8]) -> Hash { entry.withUnsafeBytes { leaf($0) } }

  /// SHA-256(0x00 ‖ entry).
  public static func leaf(_ entry: UnsafeRawBufferPointer) -> Hash {
    DigestContext.digest(prefix: 0x00, entry)
  }

  /// SHA-256(0x01 ‖ left ‖ right).
  public static func node(_ left: Hash, _ right: Hash) -> Hash {
    left.withUnsafeBytes { left in
      right.withUnsafeBytes { right in DigestContext.digest(prefix: 0x01, left, right) }
    }
  }

  /// The root of the tree without entries: SHA-256 of nothing.
  public static let emptyRoot = SHA256.hash([])
}
