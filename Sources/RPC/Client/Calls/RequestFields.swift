private let fixed = StaticFields([(":method", "POST"), (":scheme", "https")])

extension ClientCall.Request {
  /// The header list of an attempt (gRPC `doc/PROTOCOL-HTTP2.md`, "Requests").
  func fields(authority: String, remaining: Duration?) -> HTTP2Fields {
    var fields = HTTP2Fields(fixed)
    fields.reserve(
      fields: 8 + metadata.count,
      bytes: 220 + path.utf8.count + authority.utf8.count + 64 * metadata.count)
    fields.append(":path", path)
    fields.append(":authority", authority)
    fields.append("te", "trailers")
    fields.append("content-type", "application/grpc")
    fields.append("user-agent", "grpc-swift-nghttp2/1")
    if compression != .identity { fields.append("grpc-encoding", "gzip") }
    if acceptsCompressed { fields.append("grpc-accept-encoding", Compression.accepted) }
    if let remaining { fields.append("grpc-timeout", CallTimeout.format(remaining)) }
    for field in metadata { fields.append(field.name, field.value.wire) }
    return fields
  }
}
