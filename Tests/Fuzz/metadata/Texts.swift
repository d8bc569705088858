internal import FuzzSupport

@testable internal import RPC

/// The codings of single fields.
enum Texts {
  /// A `grpc-timeout` is at most eight digits and a unit, and comes back as it was.
  static func timeout(_ wire: [UInt8]) {
    guard let timeout = CallTimeout.parse(wire) else { return }
    require((2...9).contains(wire.count), "a timeout of \(wire.count) characters was read")
    require(timeout >= .zero && timeout <= longest, "the timeout \(timeout) is out of range")
    let again = CallTimeout.parse(Array(CallTimeout.format(timeout).utf8))
    require(again == timeout, "\(timeout) came back as \(String(describing: again))")
  }

  private static let longest = Duration.seconds(99_999_999 * 3600)

  /// Any duration is written so that the server never gives up before the caller, and seldom later:
  /// one unit in eight digits.
  static func anyDuration(_ input: inout FuzzInput) {
    let duration = Duration(
      secondsComponent: input.number(), attosecondsComponent: input.number(Int64.self) % 1_000_000)
    let text = CallTimeout.format(duration)
    guard let read = CallTimeout.parse(Array(text.utf8)) else {
      return require(false, "\(duration) is written as '\(text)'")
    }
    if duration <= .zero { return require(read == .zero, "\(duration) is written as '\(text)'") }
    if duration > longest { return require(read == longest, "\(duration) is written as '\(text)'") }
    require(read >= duration, "'\(text)' is less than \(duration)")
    require(
      read - duration <= max(.nanoseconds(1), duration / 1000), "'\(text)' is more than \(duration)"
    )
  }

  /// Decoding never fails; what is encoded is printable ASCII and comes back.
  static func percent(_ wire: [UInt8]) {
    let text = PercentCoding.decode(wire)
    let encoded = PercentCoding.encode(text)
    require(encoded.utf8.allSatisfy { (0x20...0x7e).contains($0) }, "'\(encoded)' is not printable")
    require(
      PercentCoding.decode(Array(encoded.utf8)).utf8.elementsEqual(text.utf8),
      "'\(encoded)' is not what was encoded")
    let plain = String(decoding: wire, as: UTF8.self)
    require(
      PercentCoding.decode(Array(PercentCoding.encode(plain).utf8)).utf8.elementsEqual(plain.utf8),
      "any text comes back")
  }

  /// Each byte string has one text without padding, and one with it.
  static func base64(_ wire: [UInt8]) {
    require(Base64.decode(Base64.encode(wire).utf8) == wire, "any bytes come back")
    guard let bytes = Base64.decode(wire) else { return }
    let digits = wire.prefix { $0 != UInt8(ascii: "=") }
    require(
      Base64.encode(bytes).utf8.elementsEqual(digits),
      "'\(String(decoding: wire, as: UTF8.self))' is a second text of \(bytes)")
  }

  static func status(_ wire: [UInt8]) {
    guard let code = StatusCode(wire: wire) else { return }
    let number = Int(String(decoding: wire, as: UTF8.self))
    require(number != nil, "\(wire) is no number")
    require(Int(code.rawValue) == number || code == .unknown, "\(wire) was read as \(code)")
  }

  static func trace(_ wire: [UInt8]) {
    let text = String(decoding: wire, as: UTF8.self)
    guard let trace = TraceContext(traceparent: text) else { return }
    require(trace.traceID != 0 && trace.parentID != 0, "an id is zero")
    require(trace.traceparent.utf8.count == 55, "'\(trace.traceparent)' has no 55 characters")
    let ids = 3..<52
    require(
      Array(text.utf8)[ids] == Array(trace.traceparent.utf8)[ids],
      "'\(text)' is sent on as '\(trace.traceparent)'")
    require(TraceContext(traceparent: trace.traceparent) == trace, "a trace comes back")
  }
}
