internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import RPC
internal import ServiceKit

/// The entries of `lockbox.audit.v1.AuditService`.
struct EntryHandlers: Sendable {
  let store: any AuditStore
  let arrivals: Arrivals

  /// The events' bytes on a page or in a message of a stream: far below the 4 MiB that every gRPC
  /// client takes.
  static let pageBytes = 1 << 20
  /// Entries in a message of a stream.
  static let tailLimit = 256
  /// Events that a call looks at for words: 0.1 s, and less than a second from a cold disk.
  static let examinedLimit = 5_000

  func add(to router: inout Router) {
    router.unary(AuditV1.AuditService.listEntries) { try await list($0, by: $1.caller()) }
    router.serverStreaming(AuditV1.AuditService.tailEntries) { request, responses, context in
      let log = try context.caller().log(request.tenantID)
      try await responses.sendHeaders()
      try await tail(log, from: request.startIndex) { try await responses.send($0) }
    }
  }

  func list(
    _ request: AuditV1.ListEntriesRequest, by caller: Caller
  ) async throws -> AuditV1.ListEntriesResponse {
    let log = try caller.log(request.tenantID)
    let page = try EntryPage(request, of: log)
    var query = page.query
    query.limit += 1
    query.maximumBytes = Self.pageBytes
    query.examined = Self.examinedLimit
    let list = try await store.list(query)
    let entries = list.entries.prefix(page.query.limit)
    // One entry more than asked for, or more than a page holds or a call looks at: another page.
    let next = list.entries.count > entries.count ? entries.last.map { $0.index + 1 } : list.next
    return .init(
      entries: entries.map { .init($0) }, nextPageToken: next.map { page.token(from: $0) } ?? "")
  }

  /// Sends the log from an index on, then what is appended, until the caller or the service ends.
  func tail(
    _ log: LogName, from start: UInt64,
    send: (AuditV1.TailEntriesResponse) async throws -> Void
  ) async throws {
    // Before the first look: nothing that is appended after it goes unnoticed.
    let sizes = arrivals.sizes(of: log)
    var next = start
    func sendAll() async throws {
      while true {
        let entries = try await store.read(log) { [next] reader in
          try reader.entries(
            from: next, limit: Self.tailLimit, maximumBytes: Self.pageBytes)
        }
        guard let last = entries.last else { return }
        try await send(.init(entries: entries.map { .init($0) }))
        next = last.index + 1
      }
    }
    try await sendAll()
    for await size in sizes where size > next { try await sendAll() }
    try Task.checkCancellation()
    throw RPCError(.unavailable, "the service stops")
  }
}

extension AuditV1.Entry {
  init(_ entry: LogEntry) {
    self.init(
      index: entry.index, event: entry.event, leafHash: entry.droppedLeaf.map(\.bytes) ?? [])
  }
}
