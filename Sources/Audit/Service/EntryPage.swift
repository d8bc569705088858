internal import Domain
internal import LockboxProto
internal import ServiceKit
internal import StandardProto
internal import Storage

/// A checked request for a page of entries.
struct EntryPage: Sendable {
  private(set) var query: EntryQuery
  /// All that the list depends on: a token is good for the same list only.
  private let fingerprint: [[UInt8]]

  /// - Throws: `RPCError` with every violation; `PageToken.Failure`.
  init(_ request: AuditV1.ListEntriesRequest, of log: LogName) throws {
    var violations = Violations()
    violations.require(
      request.pageSize == 0 || Limits.pageSize.contains(Int(request.pageSize)), "page_size",
      "must be between \(Limits.pageSize.lowerBound) and \(Limits.pageSize.upperBound)")
    let size = request.pageSize == 0 ? Limits.defaultPageSize : Int(request.pageSize)
    query = EntryQuery(log: log, limit: size)
    if !request.requestID.isEmpty {
      query.request = violations.unwrap(
        RequestID(request.requestID), "request_id", "is no request id")
    }
    for (index, name) in request.kinds.enumerated() {
      let kind = violations.unwrap(
        EntryKind(name: name), "kinds[\(index)]", "is no kind of entry")
      if let kind { query.kinds.insert(kind) }
    }
    violations.text(request.person, "person", length: 0...Limits.subjectLength.upperBound)
    violations.text(request.personIssuer, "person_issuer", length: 0...2_048)
    violations.require(
      request.personIssuer.isEmpty || !request.person.isEmpty, "person_issuer",
      "needs a person")
    if !request.person.isEmpty { query.person = request.person }
    if !request.personIssuer.isEmpty { query.personIssuer = request.personIssuer }
    if !request.text.isEmpty {
      violations.text(request.text, "text", length: 1...TextQuery.longest)
      query.text = violations.unwrap(TextQuery(request.text), "text", "holds no word")
      if query.kinds.isEmpty { query.kinds = EntryKind.withText }
    }
    query.start = violations.time(request.startTime, "start_time")
    query.end = violations.time(request.endTime, "end_time")
    try violations.check()

    fingerprint = [
      Array("entries".utf8), Array(log.tenantID.utf8), Array(request.requestID.utf8),
      query.kinds.map { UInt8($0.rawValue) }.sorted(), Self.bytes(query.start),
      Self.bytes(query.end), Array(request.person.utf8), Array(request.personIssuer.utf8),
      Array(request.text.utf8),
    ]
    if !request.pageToken.isEmpty {
      let key = try PageToken.decode(request.pageToken, query: fingerprint)
      guard key.count == 8 else { throw PageToken.Failure.malformed }
      query.from = key.reduce(0) { $0 << 8 | UInt64($1) }
      // No index is larger; the store could not even be asked.
      guard query.from <= UInt64(Int64.max) else { throw PageToken.Failure.malformed }
    }
  }

  /// The token of the page that begins at an index. Indexes never change, so that it stays good
  /// whatever is appended.
  func token(from index: UInt64) -> String {
    PageToken.encode(key: withUnsafeBytes(of: index.bigEndian, Array.init), query: fingerprint)
  }

  private static func bytes(_ time: Timestamp?) -> [UInt8] {
    time.map { withUnsafeBytes(of: $0.nanoseconds.bigEndian, Array.init) } ?? []
  }
}

extension Violations {
  mutating func time(
    _ time: GoogleProtobuf.Timestamp?, _ field: String
  ) -> Timestamp? {
    guard let time else { return nil }
    return unwrap(Timestamp(time), field, "is no time between 1677 and 2262")
  }
}
