/// Just enough HPACK (RFC 7541) to write header blocks by hand, right and wrong. Strings are never
/// Huffman-coded; give coded bytes to `raw`.
public enum HeaderBlock {
  /// The requests that everybody answers: method, scheme, path, authority.
  ///
  /// - Parameter more: further fields, each a literal without indexing.
  public static func request(
    _ method: String, _ path: String = "/", _ more: [(String, String)] = []
  ) -> [UInt8] {
    let pseudo =
      self.method(method) + indexed(7) + self.path(path)
      + literal(name: 1, "localhost", .incremental)
    return pseudo + more.flatMap { literal($0.0, $0.1) }
  }

  /// The header list of a gRPC call.
  public static func call(_ path: String, _ more: [(String, String)] = []) -> [UInt8] {
    request(
      "POST", path, [("te", "trailers"), ("content-type", "application/grpc")] + more)
  }

  public static func method(_ method: String) -> [UInt8] {
    switch method {
    case "GET": indexed(2)
    case "POST": indexed(3)
    default: literal(name: 2, method)
    }
  }

  public static func path(_ path: String) -> [UInt8] {
    path == "/" ? indexed(4) : literal(name: 4, path)
  }

  // MARK: Representations, RFC 7541 §6

  public static func indexed(_ index: Int) -> [UInt8] {
    integer(index, prefix: 7, pattern: 0x80)
  }

  public enum Indexing: Sendable {
    case incremental, without, never

    fileprivate var prefix: Int { self == .incremental ? 6 : 4 }
    fileprivate var pattern: UInt8 {
      switch self {
      case .incremental: 0x40
      case .without: 0
      case .never: 0x10
      }
    }
  }

  /// A literal whose name is in the table.
  public static func literal(
    name index: Int, _ value: String, _ indexing: Indexing = .without
  ) -> [UInt8] {
    integer(index, prefix: indexing.prefix, pattern: indexing.pattern) + string(value)
  }

  /// A literal with a name of its own.
  public static func literal(
    _ name: String, _ value: String, _ indexing: Indexing = .without
  ) -> [UInt8] {
    [indexing.pattern] + string(name) + string(value)
  }

  public static func tableSize(_ size: Int) -> [UInt8] {
    integer(size, prefix: 5, pattern: 0x20)
  }

  // MARK: Primitives, RFC 7541 §5

  public static func string(_ text: String) -> [UInt8] {
    integer(text.utf8.count, prefix: 7, pattern: 0) + Array(text.utf8)
  }

  public static func integer(_ value: Int, prefix: Int, pattern: UInt8) -> [UInt8] {
    let limit = (1 << prefix) - 1
    guard value >= limit else { return [pattern | UInt8(value)] }
    var bytes = [pattern | UInt8(limit)]
    var rest = value - limit
    while rest >= 128 {
      bytes.append(UInt8(rest & 0x7f | 0x80))
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }
}
