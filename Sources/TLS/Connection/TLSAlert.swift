/// An alert as received from the peer (RFC 8446 §6).
public struct TLSAlert: Sendable, Hashable, CustomStringConvertible {
  public let code: UInt8

  public init(code: UInt8) { self.code = code }

  /// Whether the alert is a judgement over our certificate.
  var concernsOurCertificate: Bool {
    switch code {
    case 42...46, 48, 49, 116: true
    default: false
    }
  }

  /// The registry's name in plain words.
  public var description: String {
    switch code {
    case 10: "unexpected message"
    case 20: "bad record MAC"
    case 22: "record overflow"
    case 40: "handshake failure"
    case 42: "bad certificate"
    case 43: "unsupported certificate"
    case 44: "certificate revoked"
    case 45: "certificate expired"
    case 46: "certificate unknown"
    case 47: "illegal parameter"
    case 48: "unknown certificate authority"
    case 49: "access denied"
    case 50: "decode error"
    case 51: "decrypt error"
    case 70: "protocol version"
    case 71: "insufficient security"
    case 80: "internal error"
    case 86: "inappropriate fallback"
    case 90: "user canceled"
    case 109: "missing extension"
    case 110: "unsupported extension"
    case 112: "unrecognized name"
    case 116: "certificate required"
    case 120: "no application protocol"
    default: "alert \(code)"
    }
  }
}
