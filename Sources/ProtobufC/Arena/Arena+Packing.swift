public import CProtobufC

/// What generated code fills C structs with. The memory belongs to the arena.
extension Arena {
  /// Room for `count` values of a C type, not initialised.
  @inlinable
  public func room<C>(for type: C.Type, count: Int = 1) -> UnsafeMutablePointer<C> {
    bytes(count: MemoryLayout<C>.stride * count).bindMemory(to: C.self, capacity: count)
  }

  /// Arenas for packing have no budget: no room would mean a size that no memory holds.
  @usableFromInline
  func bytes(count: Int) -> UnsafeMutableRawPointer {
    allocate(count)!
  }

  /// A NUL-ended copy. A string with a NUL inside is noted, and the encoding throws at its end,
  /// because protobuf-c would cut the string there.
  public func string(_ value: String, _ field: StaticString) -> UnsafeMutablePointer<CChar> {
    var value = value
    return value.withUTF8 { utf8 in
      let copy = room(for: UInt8.self, count: utf8.count + 1)
      if let start = utf8.baseAddress, !utf8.isEmpty {
        copy.update(from: start, count: utf8.count)
        if state.pointee.fieldWithNUL == nil, UTF8Check.containsNUL(UnsafeRawBufferPointer(utf8)) {
          state.pointee.fieldWithNUL = field
        }
      }
      copy[utf8.count] = 0
      return UnsafeMutableRawPointer(copy).assumingMemoryBound(to: CChar.self)
    }
  }

  public func bytes(_ value: [UInt8]) -> ProtobufCBinaryData {
    guard !value.isEmpty else { return ProtobufCBinaryData(len: 0, data: nil) }
    let copy = room(for: UInt8.self, count: value.count)
    value.withUnsafeBufferPointer { copy.update(from: $0.baseAddress!, count: $0.count) }
    return ProtobufCBinaryData(len: value.count, data: copy)
  }

  @inlinable
  public func message<M: Message, C>(_ value: M) -> UnsafeMutablePointer<C> {
    value.packable(in: self).assumingMemoryBound(to: C.self)
  }

  @inlinable
  public func optionalMessage<M: Message, C>(_ value: M?) -> UnsafeMutablePointer<C>? {
    value.map { $0.packable(in: self).assumingMemoryBound(to: C.self) }
  }

  @inlinable
  public func array<Element, C>(
    _ values: [Element], _ convert: (Element) -> C
  ) -> UnsafeMutablePointer<C>? {
    guard !values.isEmpty else { return nil }
    let copy = room(for: C.self, count: values.count)
    for index in values.indices {
      (copy + index).initialize(to: convert(values[index]))
    }
    return copy
  }

  /// The entries of a map in ascending order of keys, so that equal maps give equal bytes.
  @inlinable
  public func entries<Key: MapKey, Value, C>(
    _ map: [Key: Value], _ convert: (Key, Value) -> C
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<C>?>? {
    array(map.sorted { Key.precedes($0.key, $1.key) }) { key, value in
      let entry = room(for: C.self)
      entry.initialize(to: convert(key, value))
      return entry
    }
  }
}
