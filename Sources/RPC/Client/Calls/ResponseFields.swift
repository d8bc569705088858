/// The header list and the trailers of an answer, and what they say about the call's outcome.
///
/// Source: gRPC `doc/PROTOCOL-HTTP2.md`, "Responses".
struct ResponseFields {
  private var httpStatus = 0
  private var contentType = ContentType.missing
  private var status = Status.missing
  private var message = ""
  private var details: [UInt8]?
  private var encoding: String?
  /// When the server wants the next attempt, if it says so.
  private(set) var pushback: RetryPushback?
  /// The application's fields of the list being received.
  private(set) var metadata = Metadata()

  private enum Status {
    case missing
    case malformed(String)
    case code(StatusCode)
  }

  private enum ContentType {
    case missing
    case grpc
    case other(String)
  }

  /// Takes in one field; the bytes are lent.
  mutating func add(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) {
    switch name.count {
    case 7 where name.equals(":status"):
      httpStatus = Int(value.text) ?? 0
    case 11 where name.equals("grpc-status"):
      status = StatusCode(wire: value).map(Status.code) ?? .malformed(value.text)
    case 12 where name.equals("grpc-message"):
      message = PercentCoding.decode(value)
    case 12 where name.equals("content-type"):
      contentType = value.starts(with: "application/grpc".utf8) ? .grpc : .other(value.text)
    case 13 where name.equals("grpc-encoding"):
      encoding = value.text
    case 22 where name.equals("grpc-retry-pushback-ms"):
      pushback = RetryPushback(wire: value)
    case 23 where name.equals("grpc-status-details-bin"):
      details = Base64.decode(value)
    default:
      let name = name.text
      guard !Metadata.isReserved(name) else { return }
      _ = metadata.addWire(name: name, value: UnsafeRawBufferPointer(value))
    }
  }

  /// An informational answer (1xx) came: it says nothing about the call.
  var isInformational: Bool { (100..<200).contains(httpStatus) }

  /// The application's fields so far; what follows are trailers.
  mutating func takeMetadata() -> Metadata {
    defer { metadata = Metadata() }
    return metadata
  }

  /// Why no message is to be expected, although the stream goes on: not a gRPC answer. The server is
  /// a proxy, or something else altogether.
  var refusal: RPCError? {
    if case .missing = status, !isPlainGRPC { return outcome } else { return nil }
  }

  /// Whether the server may compress messages with what this end can read.
  var isGzip: Bool { encoding == "gzip" }

  /// What compresses the messages, for an error message.
  var compression: String { encoding ?? "an unnamed method" }

  private var isPlainGRPC: Bool {
    if case .grpc = contentType { httpStatus == 200 } else { false }
  }

  /// How the call ended according to everything received; nil for success.
  var outcome: RPCError? {
    switch status {
    case .code(.ok): return nil
    case .code(let code):
      return RPCError(
        code, message, details: details.map(ErrorDetail.decode) ?? [], trailers: metadata)
    case .malformed(let text):
      return error(.unknown, "the server sent the malformed grpc-status '\(text)'")
    case .missing:
      guard httpStatus == 200 else {
        return error(
          StatusCode(httpStatus: httpStatus),
          "the answer is HTTP status \(httpStatus) without a grpc-status; is a proxy in between?")
      }
      switch contentType {
      case .grpc: return error(.unknown, "the server ended the call without a grpc-status")
      case .missing:
        return error(.unknown, "the answer has no content-type; is this a gRPC server?")
      case .other(let type):
        return error(.unknown, "the answer is of type '\(type)', not gRPC; is the port right?")
      }
    }
  }

  private func error(_ code: StatusCode, _ message: String) -> RPCError {
    RPCError(code, message, trailers: metadata)
  }
}

/// What a server says about the next attempt of a call that it failed.
///
/// Source: gRFC A6, "Pushback".
enum RetryPushback: Hashable {
  case after(Duration)
  case never

  /// A number of milliseconds; a negative one, and whatever is no number, means never.
  init(wire: some Collection<UInt8>) {
    if let milliseconds = Int32(String(decoding: wire, as: UTF8.self)), milliseconds >= 0 {
      self = .after(.milliseconds(milliseconds))
    } else {
      self = .never
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  fileprivate func equals(_ text: StaticString) -> Bool {
    text.withUTF8Buffer { elementsEqual($0) }
  }

  fileprivate var text: String { String(decoding: self, as: UTF8.self) }
}
