internal import Domain
internal import LockboxProto
internal import StandardProto

extension Timestamp {
  /// Nil where it is unset or out of range.
  init?(_ time: GoogleProtobuf.Timestamp?) {
    guard let nanoseconds = time?.nanosecondsSinceEpoch else { return nil }
    self.init(nanoseconds: nanoseconds)
  }
}

extension Duration {
  /// Nil where it is unset or no valid one.
  init?(_ duration: GoogleProtobuf.Duration?) {
    guard let value = duration?.swiftDuration else { return nil }
    self = value
  }
}

extension LocalTime {
  /// Empty where it is unset.
  func full(_ time: GoogleProtobuf.Timestamp?) -> Styled {
    Timestamp(time).map { Styled(full($0)) } ?? ""
  }

  func relative(_ time: GoogleProtobuf.Timestamp?) -> Styled {
    Timestamp(time).map { Styled(relative($0)) } ?? ""
  }
}

extension CommonV1.Subject {
  /// `Erin Example (erin)`, or the id alone.
  var short: String {
    displayName.isEmpty || displayName == id ? id : "\(displayName) (\(id))"
  }

  /// With the issuer: display names and ids alone prove nothing.
  var full: String { "\(short) of \(issuer)" }
}

func hexadecimal(_ bytes: [UInt8]) -> String {
  bytes.map { byte in
    let digits = String(byte, radix: 16)
    return byte < 16 ? "0" + digits : digits
  }.joined()
}
