/// An opaque mark of where a page of a list ended: version, fingerprint of the query, last key.
///
/// It is not a secret and proves nothing: whoever makes one up gets a position in a list that the
/// query limits to what the caller may see. The fingerprint keeps a token from another query, or
/// another caller's, from giving a page that makes no sense.
public enum PageToken {
  public enum Failure: Error, Sendable, Hashable {
    /// Not a token, or one of another version.
    case malformed
    /// A token of another query.
    case foreign
  }

  /// Longest text that is looked at: keys are ids and times, far shorter.
  public static let maxLength = 512

  private static let version: UInt8 = 1
  private static let headerCount = 9

  /// - Parameters:
  ///   - key: the last key of the page; at most 300 bytes.
  ///   - query: all that the list depends on: method, tenant, filters, order.
  public static func encode(key: [UInt8], query: [[UInt8]]) -> String {
    var bytes = [version]
    bytes.append(contentsOf: fingerprint(query))
    bytes.append(contentsOf: key)
    return Base64URL.encode(bytes)
  }

  /// - Returns: the key.
  public static func decode(_ text: String, query: [[UInt8]]) throws(Failure) -> [UInt8] {
    guard text.utf8.count <= maxLength, let bytes = Base64URL.decode(text),
      bytes.count > headerCount, bytes[0] == version
    else { throw .malformed }
    guard bytes[1..<headerCount].elementsEqual(fingerprint(query)) else { throw .foreign }
    return Array(bytes[headerCount...])
  }

  /// FNV-1a, 64 bits, over the parts with their lengths.
  private static func fingerprint(_ parts: [[UInt8]]) -> [UInt8] {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    for part in parts {
      withUnsafeBytes(of: UInt64(part.count).littleEndian) { $0.forEach(add) }
      part.forEach(add)
    }
    return withUnsafeBytes(of: hash.bigEndian, Array.init)
  }
}
