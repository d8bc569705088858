internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import TestKit
internal import Testing

/// One log as its readers get it.
struct LogBook: Sendable {
  struct Entry: Sendable {
    let index: UInt64
    let bytes: [UInt8]
    let event: EventV1.Event

    /// The payload's field name.
    var kind: String { event.payload?.fieldName ?? "" }
  }

  let entries: [Entry]

  /// What the log holds of a request, in order.
  func kinds(of request: String) -> [String] { of(request).map(\.kind) }

  func of(_ request: String) -> [Entry] { entries.filter { $0.event.requestID == request } }
}

extension Lockbox {
  /// Reads a tenant's whole log as its auditor does, the provider's own as an operator does (empty
  /// id), and checks it: the root over all entries is the one that the log signed.
  func log(of tenant: String, signedBy key: VerificationKey) async throws -> LogBook {
    let reader = tenant.isEmpty ? cast.operator : cast.customer(tenant).auditor
    let audit = client(.audit)
    let note = try await audit.unary(
      AuditV1.AuditService.getCheckpoint, .init(tenantID: tenant), options: reader.options
    ).checkpoint
    let origin = try #require(Deployment.origin(of: tenant))
    let checkpoint = try Checkpoint(
      verifying: note, origin: origin, verifiers: [NoteVerifier(name: origin, key: key)])

    var entries: [LogBook.Entry] = []
    var page = ""
    repeat {
      let response = try await audit.unary(
        AuditV1.AuditService.listEntries,
        .init(pageSize: 500, pageToken: page, tenantID: tenant), options: reader.options)
      for entry in response.entries {
        entries.append(
          .init(
            index: entry.index, bytes: entry.event,
            event: try EventV1.Event(serialized: entry.event)))
      }
      page = response.nextPageToken
    } while !page.isEmpty

    #expect(entries.map(\.index) == entries.indices.map { UInt64($0) })
    #expect(entries.count >= checkpoint.size)
    var tree = CompactTree()
    for entry in entries.prefix(Int(checkpoint.size)) { tree.append(Hash.leaf(entry.bytes)) }
    #expect(tree.root == checkpoint.root, "the log of \(tenant) is not what it signed")
    return LogBook(entries: entries)
  }

  /// Waits until a request's part of its log has an entry of `kind`, and gives the log.
  func log(
    of tenant: String, signedBy key: VerificationKey, with kind: String, of request: String
  ) async throws -> LogBook {
    var book = LogBook(entries: [])
    let isThere = try await eventually {
      book = try await log(of: tenant, signedBy: key)
      return book.kinds(of: request).contains(kind)
    }
    #expect(isThere, "no \(kind) of \(request), only \(book.kinds(of: request))")
    return book
  }
}

/// Every event of each feed stands in exactly one log, once, and each log keeps the feed's order.
func expectEachEventOnce(_ logs: [LogBook]) {
  var sequences: [String: [UInt64]] = [:]
  for log in logs {
    for (feed, entries) in Dictionary(grouping: log.entries, by: \.event.feed) {
      let own = entries.map(\.event.sequence)
      #expect(own == own.sorted(), "\(feed) is out of order in a log")
      sequences[feed, default: []] += own
    }
  }
  for (feed, found) in sequences {
    #expect(
      found.sorted() == found.indices.map { UInt64($0) + 1 }, "\(feed) has gaps or repetitions")
  }
}
