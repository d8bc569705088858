internal import CNghttp2

/// A header list that never changes: laid out once for the life of the process, so that nghttp2 is
/// handed pointers and copies nothing.
struct StaticFields: @unchecked Sendable {
  // Unchecked: immutable memory that is never freed; all pointers lead into static strings.
  let base: UnsafeMutablePointer<nghttp2_nv>
  let count: Int

  init(_ fields: [(name: StaticString, value: StaticString)]) {
    count = fields.count
    base = .allocate(capacity: max(1, fields.count))
    let flags = NGHTTP2_NV_FLAG_NO_COPY_NAME.rawValue | NGHTTP2_NV_FLAG_NO_COPY_VALUE.rawValue
    for (index, field) in fields.enumerated() {
      (base + index).initialize(
        to: nghttp2_nv(
          name: UnsafeMutablePointer(mutating: field.name.utf8Start),
          value: UnsafeMutablePointer(mutating: field.value.utf8Start),
          namelen: field.name.utf8CodeUnitCount, valuelen: field.value.utf8CodeUnitCount,
          flags: UInt8(truncatingIfNeeded: flags)))
    }
  }

  static let none = StaticFields([])
}

/// A header list on its way out: a fixed beginning and, only where something varies, more fields in
/// one block of bytes. Names must be lower case already.
struct HTTP2Fields: Sendable {
  private let fixed: StaticFields
  /// Nil for the usual list, which is fixed as a whole: to copy it counts no references then.
  private var varying: Varying?

  private struct Varying {
    var bytes: [UInt8] = []
    var lengths: [(name: Int32, value: Int32)] = []
  }

  init(_ fixed: StaticFields = .none) {
    self.fixed = fixed
  }

  /// Makes room at once for what is about to be appended.
  mutating func reserve(fields: Int, bytes: Int) {
    if varying == nil { varying = Varying() }
    varying?.lengths.reserveCapacity(fields)
    varying?.bytes.reserveCapacity(bytes)
  }

  var count: Int { fixed.count + (varying?.lengths.count ?? 0) }

  mutating func append(_ name: StaticString, _ value: StaticString) {
    name.withUTF8Buffer { name in value.withUTF8Buffer { append(bytesOf: name, $0) } }
  }

  mutating func append(_ name: StaticString, _ value: String) {
    name.withUTF8Buffer { append(bytesOf: $0, value.utf8) }
  }

  mutating func append(_ name: StaticString, bytes value: some Collection<UInt8>) {
    name.withUTF8Buffer { append(bytesOf: $0, value) }
  }

  mutating func append(_ name: String, _ value: String) {
    append(bytesOf: name.utf8, value.utf8)
  }

  private mutating func append(
    bytesOf name: some Collection<UInt8>, _ value: some Collection<UInt8>
  ) {
    if varying == nil { varying = Varying() }
    varying?.bytes.append(contentsOf: name)
    varying?.bytes.append(contentsOf: value)
    varying?.lengths.append((Int32(name.count), Int32(value.count)))
  }

  /// Lends the list to nghttp2 for the length of one call.
  func withFields<Result>(
    _ body: (UnsafeMutablePointer<nghttp2_nv>, Int) -> Result
  ) -> Result {
    guard let varying, !varying.lengths.isEmpty else { return body(fixed.base, fixed.count) }
    return varying.bytes.withUnsafeBufferPointer { bytes in
      withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: count) { list in
        var next = list.initialize(fromContentsOf: UnsafeBufferPointer(rebasing: fixedFields))
        // nghttp2 reads and copies these; the pointers are mutable only in its signature.
        var cursor = UnsafeMutablePointer(mutating: bytes.baseAddress!)
        for length in varying.lengths {
          let value = cursor + Int(length.name)
          list.initializeElement(
            at: next,
            to: nghttp2_nv(
              name: cursor, value: value, namelen: Int(length.name), valuelen: Int(length.value),
              flags: 0))
          cursor = value + Int(length.value)
          next += 1
        }
        return body(list.baseAddress!, next)
      }
    }
  }

  private var fixedFields: Slice<UnsafeBufferPointer<nghttp2_nv>> {
    UnsafeBufferPointer(start: fixed.base, count: fixed.count)[...]
  }
}
