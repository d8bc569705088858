/// The bytes of one input, taken from the front. What is missing reads as zeros and as nothing.
public struct FuzzInput {
  public private(set) var rest: ArraySlice<UInt8>

  /// - Parameter start: libFuzzer's own copy, read once here.
  public init(_ start: UnsafePointer<UInt8>?, _ count: Int) {
    rest = Array(UnsafeBufferPointer(start: start, count: count))[...]
  }

  public var isEmpty: Bool { rest.isEmpty }

  public mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

  /// One of the values, chosen by a byte.
  public mutating func choice<Value>(of values: [Value]) -> Value {
    values[Int(byte()) % values.count]
  }

  /// Big-endian.
  public mutating func number<Number: FixedWidthInteger>(_: Number.Type = Number.self) -> Number {
    (0..<Number.bitWidth / 8).reduce(0) { number, _ in
      number << 8 | Number(truncatingIfNeeded: byte())
    }
  }

  public mutating func bytes(_ count: Int) -> [UInt8] {
    let taken = rest.prefix(count)
    rest = rest.dropFirst(count)
    return Array(taken)
  }

  /// A length in one byte, then as many bytes.
  public mutating func lengthPrefixed() -> [UInt8] { bytes(Int(byte())) }

  public mutating func all() -> [UInt8] {
    defer { rest = [] }
    return Array(rest)
  }
}
