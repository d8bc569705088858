/// The few pieces of DER that no function of libcrypto writes wrongly enough.
enum DER {
  static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    var length: [UInt8] = []
    var rest = content.count
    while rest > 0 {
      length.insert(UInt8(truncatingIfNeeded: rest), at: 0)
      rest >>= 8
    }
    switch content.count {
    case 0..<0x80: length = [UInt8(content.count)]
    default: length.insert(0x80 | UInt8(length.count), at: 0)
    }
    return [tag] + length + content
  }

  static func sequence(_ members: [[UInt8]]) -> [UInt8] {
    element(0x30, Array(members.joined()))
  }
}
