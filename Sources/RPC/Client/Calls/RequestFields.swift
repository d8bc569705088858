private let fixed = StaticFields([(":method", "POST"), (":scheme", "https")])

extension ClientCall.Request {
  /// The header list of an attempt (gRPC `doc/PROTOCOL-HTTP2.md`, "Requests").
  ///
  /// - Parameter previousAttempts: those of which the server may have seen something (gRFC A6).
  func fields(
    authority: String, remaining: Duration?, previousAttempts: Int = 0
  ) -> HTTP2Fields {
    var fields = HTTP2Fields(fixed)
    fields.reserve(
      fields: 9 + metadata.count,
      bytes: 220 + path.utf8.count + authority.utf8.count + 64 * metadata.count)
    fields.append(":path", path)
    fields.append(":authority", authority)
    fields.append("te", "trailers")
    fields.append("content-type", "application/grpc")
    fields.append("user-agent", "grpc-swift-nghttp2/1")
    if compression != .identity { fields.append("grpc-encoding", "gzip") }
    if acceptsCompressed { fields.append("grpc-accept-encoding", Compression.accepted) }
    if let remaining { fields.append("grpc-timeout", CallTimeout.format(remaining)) }
    if previousAttempts > 0 {
      fields.append("grpc-previous-rpc-attempts", String(previousAttempts))
    }
    for field in metadata { fields.append(field.name, field.value.wire) }
    return fields
  }
}
