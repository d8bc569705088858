internal import ProtobufC
internal import StandardProto

// Both directions between `ErrorDetail` and the `google.rpc.Status` in `grpc-status-details-bin`.

extension ErrorDetail {
  /// The details in a serialised `google.rpc.Status`; none when the bytes are no such message.
  static func decode(_ status: [UInt8]) -> [ErrorDetail] {
    guard let status = try? GoogleRpc.Status(serialized: status) else { return [] }
    return status.details.map(ErrorDetail.init)
  }

  private init(_ packed: GoogleProtobuf.AnyMessage) {
    let type = packed.typeURL.split(separator: "/").last.map(String.init) ?? ""
    self =
      Self.unpacked(type: type, packed.value)
      ?? .other(typeURL: packed.typeURL, bytes: packed.value)
  }

  /// Nil for other types, and for bytes that are none of theirs.
  private static func unpacked(type: String, _ bytes: [UInt8]) -> ErrorDetail? {
    switch type {
    case GoogleRpc.BadRequest.descriptor.name:
      return (try? GoogleRpc.BadRequest(serialized: bytes)).map { request in
        .badRequest(
          request.fieldViolations.map { violation in
            FieldViolation(
              field: violation.field, description: violation.description, reason: violation.reason)
          })
      }
    case GoogleRpc.ErrorInfo.descriptor.name:
      return (try? GoogleRpc.ErrorInfo(serialized: bytes)).map { info in
        .errorInfo(reason: info.reason, domain: info.domain, metadata: info.metadata)
      }
    case GoogleRpc.RetryInfo.descriptor.name:
      return (try? GoogleRpc.RetryInfo(serialized: bytes)).map { info in
        .retryInfo(
          .seconds(info.retryDelay?.seconds ?? 0)
            + .nanoseconds(Int64(info.retryDelay?.nanos ?? 0)))
      }
    default: return nil
    }
  }

  fileprivate var packed: GoogleProtobuf.AnyMessage {
    get throws(EncodingError) {
      switch self {
      case .badRequest(let violations):
        let violations = violations.map { violation in
          GoogleRpc.BadRequest.FieldViolation(
            field: violation.field, description: violation.description, reason: violation.reason)
        }
        return try GoogleProtobuf.AnyMessage(
          packing: GoogleRpc.BadRequest(fieldViolations: violations))
      case .errorInfo(let reason, let domain, let metadata):
        return try GoogleProtobuf.AnyMessage(
          packing: GoogleRpc.ErrorInfo(reason: reason, domain: domain, metadata: metadata))
      case .retryInfo(let delay):
        let (seconds, attoseconds) = delay.components
        let duration = GoogleProtobuf.Duration(
          seconds: seconds, nanos: Int32(attoseconds / 1_000_000_000))
        return try GoogleProtobuf.AnyMessage(packing: GoogleRpc.RetryInfo(retryDelay: duration))
      case .other(let typeURL, let bytes):
        return GoogleProtobuf.AnyMessage(typeURL: typeURL, value: bytes)
      }
    }
  }
}

extension GoogleProtobuf.AnyMessage {
  fileprivate init(packing message: some Message) throws(EncodingError) {
    self.init(
      typeURL: "type.googleapis.com/\(type(of: message).descriptor.name)",
      value: try message.serialized())
  }
}

extension RPCError {
  /// The value of `grpc-status-details-bin` before base64; nil without details, or when one of them
  /// cannot be encoded (a NUL in a string), which must not hide the error itself.
  var statusDetails: [UInt8]? {
    guard !details.isEmpty else { return nil }
    do throws(EncodingError) {
      var packed: [GoogleProtobuf.AnyMessage] = []
      for detail in details { packed.append(try detail.packed) }
      let status = GoogleRpc.Status(code: Int32(code.rawValue), message: message, details: packed)
      return try status.serialized()
    } catch {
      return nil
    }
  }
}
