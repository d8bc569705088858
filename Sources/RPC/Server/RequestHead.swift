internal import Glibc

/// The header list of a call, read field by field without making strings of what is only compared.
struct RequestHead {
  /// Why the list is not that of a call that may be served.
  enum Problem: Hashable {
    case tooLarge
    case method
    case contentType
    case timeout
    case binaryMetadata
  }

  enum Encoding {
    case identity
    case gzip
    case unknown
  }

  private(set) var route: Route?
  /// The application's fields, once the list is complete; nil without any.
  var metadata: ReceivedMetadata?
  private(set) var timeout: Duration?
  /// The first thing that was wrong.
  private(set) var problem: Problem?
  /// Size so far as RFC 9113 §6.5.2 counts it.
  private(set) var byteCount = 0
  private(set) var fieldCount = 0
  /// What the caller compresses messages with.
  private(set) var encoding = Encoding.identity
  /// Whether the caller can read gzip.
  private(set) var acceptsGzip = false
  private var hasContentType = false

  /// The problem of the list as a whole, known at its end.
  var verdict: Problem? {
    problem ?? (hasContentType ? nil : .contentType)
  }

  mutating func add(
    name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>,
    in connection: ServerConnection
  ) {
    byteCount += name.count + value.count + 32
    fieldCount += 1
    guard byteCount <= connection.limits.headerListBytes,
      fieldCount <= connection.limits.headerFields
    else {
      // Before all else: no later answer depends on fields that were not looked at.
      problem = .tooLarge
      return
    }
    if name.first == UInt8(ascii: ":") {
      addPseudo(name, value, connection)
    } else if !addReserved(name, value) {
      addMetadata(name, value, connection.heads.block)
    }
  }

  private mutating func addPseudo(
    _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>,
    _ connection: ServerConnection
  ) {
    if name.equals(":path") {
      route = connection.heads.route(value)
    } else if name.equals(":method"), !value.equals("POST") {
      note(.method)
    }
  }

  /// Whether the field belongs to the protocol.
  private mutating func addReserved(
    _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    switch name.count {
    case 2: return name.equals("te")
    case 4: return name.equals("host")
    case 12 where name.equals("content-type"):
      hasContentType = true
      if !Self.isGRPC(value) { note(.contentType) }
      return true
    case 12 where name.equals("grpc-timeout"):
      timeout = CallTimeout.parse(value)
      if timeout == nil { note(.timeout) }
      return true
    case 13 where name.equals("grpc-encoding"):
      encoding = value.equals("gzip") ? .gzip : value.equals("identity") ? .identity : .unknown
      return true
    case 14 where name.equals("content-length"): return true
    case 20 where name.equals("grpc-accept-encoding"):
      acceptsGzip = value.lists("gzip")
      return true
    // As gRPC's rule has it, other names that begin with grpc- are never the application's.
    default: return name.starts(with: "grpc-")
    }
  }

  private mutating func addMetadata(
    _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>, _ block: FieldBlock
  ) {
    if name.ends(with: "-bin") {
      var decoded = Metadata()
      let isValid = decoded.addWire(
        name: String(decoding: name, as: UTF8.self), value: UnsafeRawBufferPointer(value))
      guard isValid else { return note(.binaryMetadata) }
    }
    block.append(name, value)
  }

  private mutating func note(_ problem: Problem) {
    if self.problem == nil { self.problem = problem }
  }

  /// `application/grpc`, alone or followed by `+proto` or parameters.
  private static func isGRPC(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
    guard value.starts(with: "application/grpc") else { return false }
    let rest = UnsafeBufferPointer(rebasing: value["application/grpc".utf8.count...])
    return rest.isEmpty || rest.first == UInt8(ascii: ";") || rest.equals("+proto")
      || rest.starts(with: "+proto;")
  }
}

extension UnsafeBufferPointer<UInt8> {
  fileprivate func equals(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount && starts(with: text)
  }

  /// Whether a list of names with commas between them holds this one.
  fileprivate func lists(_ name: StaticString) -> Bool {
    var rest = self
    while true {
      let end = rest.firstIndex(of: UInt8(ascii: ",")) ?? rest.count
      var entry = UnsafeBufferPointer(rebasing: rest[..<end])
      while entry.first == 0x20 { entry = UnsafeBufferPointer(rebasing: entry[1...]) }
      while entry.last == 0x20 { entry = UnsafeBufferPointer(rebasing: entry.dropLast()) }
      if entry.equals(name) { return true }
      guard end < rest.count else { return false }
      rest = UnsafeBufferPointer(rebasing: rest[(end + 1)...])
    }
  }

  fileprivate func ends(with text: StaticString) -> Bool {
    let length = text.utf8CodeUnitCount
    return count >= length
      && memcmp(baseAddress! + (count - length), text.utf8Start, length) == 0
  }

  fileprivate func starts(with text: StaticString) -> Bool {
    let length = text.utf8CodeUnitCount
    guard count >= length else { return false }
    // Lists are short and names too, but there are a dozen comparisons to a call.
    return length == 0 || memcmp(baseAddress!, text.utf8Start, length) == 0
  }
}
