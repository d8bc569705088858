extension Metadata {
  /// Takes in one field as HTTP/2 delivered it: bytes under `-bin` are base64, padded or not, and may
  /// be several joined by commas.
  ///
  /// - Returns: false when the base64 is broken; nothing is added then.
  public mutating func addWire(name: String, value: UnsafeRawBufferPointer) -> Bool {
    guard name.hasBinarySuffix else {
      add(String(decoding: value, as: UTF8.self), for: name)
      return true
    }
    var decoded: [[UInt8]] = []
    for part in value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      guard let bytes = Base64.decode(part) else { return false }
      decoded.append(bytes)
    }
    if decoded.isEmpty { decoded = [[]] }
    for bytes in decoded { add(bytes, for: name) }
    return true
  }

  /// Why these fields cannot be sent, as a sentence; nil when they can.
  public var problem: String? {
    for field in self {
      guard field.name.isFieldName else {
        return
          "metadata name '\(field.name.escaped)' may hold only letters, digits, '-', '_' and '.'"
      }
      guard !Self.isReserved(field.name) else {
        return "metadata name '\(field.name)' is reserved for gRPC and HTTP"
      }
      switch field.value {
      case .ascii(let text):
        guard !field.name.hasBinarySuffix else {
          return "metadata '\(field.name)' takes bytes: its name ends in -bin"
        }
        // The value is not shown: it may be a secret.
        guard text.isFieldValue else {
          return "the value of metadata '\(field.name)' is not printable ASCII without space at its"
            + " ends; does it end in a line break?"
        }
      case .binary:
        guard field.name.hasBinarySuffix else {
          return "metadata '\(field.name)' holds bytes: its name must end in -bin"
        }
      }
    }
    return nil
  }

  /// Whether a field of this (lower case) name belongs to the protocol and never to the application.
  public static func isReserved(_ name: String) -> Bool {
    name.utf8.starts(with: "grpc-".utf8) || name.utf8.first == UInt8(ascii: ":")
      || reserved.contains(name)
  }

  private static let reserved = [
    "te", "content-type", "host", "connection", "keep-alive", "proxy-connection",
    "transfer-encoding", "upgrade", "content-length",
  ]
}

extension Metadata.Field.Value {
  /// The value as HTTP/2 carries it: text as it is, bytes in base64 without padding.
  public var wire: String {
    switch self {
    case .ascii(let text): text
    case .binary(let bytes): Base64.encode(bytes)
    }
  }
}

extension String {
  fileprivate var hasBinarySuffix: Bool { utf8.suffix(4).elementsEqual("-bin".utf8) }

  fileprivate var isFieldName: Bool {
    !isEmpty
      && utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
          UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
          true
        default: false
        }
      }
  }

  fileprivate var isFieldValue: Bool {
    utf8.allSatisfy { (0x20...0x7e).contains($0) } && utf8.first != 0x20 && utf8.last != 0x20
  }

  /// Safe to show in one line.
  fileprivate var escaped: String {
    unicodeScalars.map { $0.escaped(asASCII: true) }.joined()
  }
}
