/// The elements of one of protobuf-c's repeated message fields.
func elements<T>(
  _ start: UnsafeMutablePointer<UnsafeMutablePointer<T>?>?, _ count: Int
) -> [T] {
  UnsafeBufferPointer(start: start, count: count).compactMap { $0?.pointee }
}

/// A string of protobuf-c; nil and "" are the same.
func string(_ start: UnsafeMutablePointer<CChar>?) -> String {
  start.map { String(cString: $0) } ?? ""
}
