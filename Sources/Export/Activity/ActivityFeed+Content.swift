internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import Storage

/// Listing content, and reading it.
extension ActivityFeed {
  /// `subscriptions/content`
  ///
  /// A window that was listed stays as it was: whatever comes later is created after its end.
  func content(_ request: ActivityRequest) async throws -> ActivityAnswer {
    let client = try admit(request, method: "ListAvailableContent")
    let key = Subscription.Key(
      tenant: client.tenant, client: client.subject, type: try type(request))
    _ = try await enabled(key)
    let page = try page(request, client, "content", key.type)
    let position = try page.key.map { key in
      guard let position = ContentBlob.Position(pageKey: key) else {
        throw ActivityError.nextPage(request.parameter("nextPage") ?? "")
      }
      return position
    }
    // Behind every write that has begun: what they make is seen here, and what comes later is told
    // where this list ends.
    let blobs = try await store.write { [pageSize] transaction in
      let end = min(page.range.end, transaction.now + Self.clockTolerance)
      try transaction.noteListed(client.tenant, through: end)
      return try transaction.blobs(
        key.type, of: client.tenant, created: page.range.range, after: position,
        limit: pageSize + 1)
    }
    var answer = ActivityAnswer()
    let shown = blobs.prefix(pageSize)
    if blobs.count > pageSize, let last = shown.last {
      answer.nextPage = page.next(after: last.position.pageKey)
    }
    let now = clock.now()
    answer.json = .array(shown.filter { now < $0.expiration }.map { .object(json($0)) })
    return answer
  }

  /// `audit/{contentId}`
  func audit(_ request: ActivityRequest, _ text: String) async throws -> ActivityAnswer {
    let client = try admit(request, method: "GetContent")
    guard let id = ContentID(text) else { throw ActivityError.contentID(text) }
    _ = try await enabled(
      Subscription.Key(tenant: client.tenant, client: client.subject, type: id.type))
    let (blob, dropped, entries) = try await store.read { reader in
      let blob = try reader.blob(id, of: client.tenant)
      return (
        blob, try reader.droppedThrough(client.tenant),
        try blob.map { try reader.entries(of: $0) } ?? []
      )
    }
    if let dropped, id.last <= dropped { throw ActivityError.contentExpired(text) }
    guard let blob else { throw ActivityError.contentMissing(text) }
    guard clock.now() < blob.expiration else { throw ActivityError.contentExpired(text) }
    let records = try entries.map { entry in
      let event = try EventV1.Event(serialized: entry.event, limits: .response)
      return try ActivityRecord(
        event: event, tenant: client.tenant, index: entry.index, guids: guids
      ).json()
    }
    return ActivityAnswer(json: .array(records))
  }

  /// `subscriptions/notifications`
  func notifications(_ request: ActivityRequest) async throws -> ActivityAnswer {
    let client = try admit(request, method: "ListNotifications")
    let key = Subscription.Key(
      tenant: client.tenant, client: client.subject, type: try type(request))
    _ = try await enabled(key)
    let page = try page(request, client, "notifications", key.type)
    let after = try page.key.map { key in
      guard key.count == 8 else {
        throw ActivityError.nextPage(request.parameter("nextPage") ?? "")
      }
      return Int64(bitPattern: key.reduce(0) { $0 << 8 | UInt64($1) })
    }
    let attempts = try await store.read { [pageSize] reader in
      try reader.attempts(
        key, created: page.range.range, after: after ?? 0, limit: pageSize + 1)
    }
    var answer = ActivityAnswer()
    let shown = attempts.prefix(pageSize)
    if attempts.count > pageSize, let last = shown.last {
      answer.nextPage = page.next(
        after: withUnsafeBytes(of: last.number.bigEndian, Array.init))
    }
    answer.json = .array(
      shown.map { attempt in
        .object(
          json(attempt.blob) + [
            ("notificationSent", .string(attempt.sent.milliseconds)),
            ("notificationStatus", .string(attempt.succeeded ? "success" : "failed")),
          ])
      })
    return answer
  }

  private func page(
    _ request: ActivityRequest, _ client: Client, _ operation: String, _ type: ContentType
  ) throws(ActivityError) -> ActivityPage {
    try ActivityPage(
      request, root: url(client.tenant, "subscriptions/\(operation)"), client, type,
      now: clock.now())
  }
}

/// One page of a list by time, and how the next is asked for.
struct ActivityPage: Sendable {
  let range: ActivityRange
  /// The key that the page before ended with.
  let key: [UInt8]?
  private let root: String
  private let query: String
  private let fingerprint: [[UInt8]]

  init(
    _ request: ActivityRequest, root: String, _ client: ActivityFeed.Client, _ type: ContentType,
    now: Timestamp
  ) throws(ActivityError) {
    range = try ActivityRange(
      start: request.parameter("startTime"), end: request.parameter("endTime"), now: now)
    self.root = root
    var query = "?contentType=\(type.rawValue)&startTime=\(range.start.activity)"
    query += "&endTime=\(range.end.activity)"
    if let publisher = client.publisher { query += "&PublisherIdentifier=\(publisher.escaped)" }
    self.query = query
    fingerprint = [
      Array(root.utf8), Array(type.rawValue.utf8), Array(client.subject.id.utf8),
      withUnsafeBytes(of: range.start.nanoseconds, Array.init),
      withUnsafeBytes(of: range.end.nanoseconds, Array.init),
    ]
    guard let token = request.parameter("nextPage") else {
      key = nil
      return
    }
    do {
      key = try PageToken.decode(token, query: fingerprint)
    } catch {
      throw .nextPage(token)
    }
  }

  func next(after key: [UInt8]) -> String {
    root + query + "&nextPage=" + PageToken.encode(key: key, query: fingerprint)
  }
}

extension ContentBlob.Position {
  var pageKey: [UInt8] {
    withUnsafeBytes(of: created.nanoseconds.bigEndian, Array.init)
      + withUnsafeBytes(of: first.bigEndian, Array.init)
  }

  init?(pageKey: [UInt8]) {
    guard pageKey.count == 16 else { return nil }
    func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
    let first = number(pageKey[8...])
    guard first <= UInt64(Int64.max) else { return nil }
    self.init(
      created: Timestamp(nanoseconds: Int64(bitPattern: number(pageKey[..<8]))), first: first)
  }
}

extension String {
  /// As a value in a query (RFC 3986 §2.3: unreserved characters stay).
  var escaped: String {
    utf8.map { byte in
      let isPlain =
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte)
        || (0x61...0x7a).contains(byte) || [0x2d, 0x2e, 0x5f, 0x7e].contains(byte)
      if isPlain { return String(UnicodeScalar(byte)) }
      let digits = String(byte, radix: 16, uppercase: true)
      return (byte < 16 ? "%0" : "%") + digits
    }.joined()
  }
}
