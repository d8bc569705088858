internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import Storage
internal import Testing

@testable internal import Audit

@Suite("The audit service's methods")
struct HandlerTests {
  private static func filled() async throws -> TestService {
    let service = TestService(MemoryAuditStore())
    var events = TestEvents()
    try await service.ingest.log(events.batch(60, tenants: ["acme", "globex", ""]))
    return service
  }

  @Test("a foreign log, a missing one and the provider's answer alike")
  func isolation() async throws {
    let service = try await Self.filled()
    var errors: Set<RPCError> = []
    for tenant in ["globex", "initech", ""] {
      let calls: [() async throws -> Void] = [
        { _ = try await service.entries.list(.init(tenantID: tenant), by: .acme) },
        { _ = try await service.proofs.checkpoint(.init(tenantID: tenant), by: .acme) },
        { _ = try await service.proofs.inclusion(.init(tenantID: tenant), by: .acme) },
        { _ = try await service.proofs.consistency(.init(tenantID: tenant), by: .acme) },
      ]
      for call in calls {
        let error = await #expect(throws: RPCError.self) { try await call() }
        if let error { errors.insert(error) }
      }
    }
    #expect(errors == [.notFound("log")])
    #expect(try await service.entries.list(.init(tenantID: "acme"), by: .acme).entries.count == 20)
    #expect(try await service.entries.list(.init(), by: .provider).entries.count == 20)
    await #expect(throws: RPCError.notFound("log")) {
      try await service.entries.list(.init(tenantID: "acme"), by: .provider)
    }
  }

  @Test("pages follow each other without gap or repetition while the log grows")
  func pages() async throws {
    let service = TestService(MemoryAuditStore())
    var events = TestEvents()
    try await service.ingest.log(events.batch(25))
    var seen: [UInt64] = []
    var token = ""
    repeat {
      let page = try await service.entries.list(
        .init(pageSize: 4, pageToken: token, tenantID: "acme"), by: .acme)
      #expect(page.entries.count <= 4)
      seen += page.entries.map(\.index)
      token = page.nextPageToken
      if seen.count < 12 { try await service.ingest.log(events.batch(2)) }
    } while !token.isEmpty
    let size = try await service.store.read(.acme) { try $0.size() }
    #expect(seen == (0..<size).map { $0 })
  }

  @Test("large entries make short pages, and nothing is lost between them")
  func largeEntries() async throws {
    let service = TestService(MemoryAuditStore())
    var events = TestEvents()
    // In pages of 1 MiB: 400 + 600 kB, then 700, then 700 + 200, then 200 + 10.
    let all = [400, 600, 700, 700, 200, 200, 10].map { kilobytes in
      events.next(
        payload: .accessRequestReceived(
          .init(accessRequest: [UInt8](repeating: 7, count: kilobytes * 1_000))))
    }
    try await service.ingest.log(TestEvents.batch(.approvals, 0, all))
    var seen: [[UInt8]] = []
    var token = ""
    var pages: [Int] = []
    repeat {
      let page = try await service.entries.list(
        .init(pageSize: 500, pageToken: token, tenantID: "acme"), by: .acme)
      #expect(page.entries.reduce(0) { $0 + $1.event.count } <= EntryHandlers.pageBytes)
      seen += page.entries.map(\.event)
      token = page.nextPageToken
      pages.append(page.entries.count)
    } while !token.isEmpty
    #expect(seen == all)
    #expect(pages == [2, 1, 2, 2])
  }

  @Test("a token of another list or of nobody is refused")
  func badTokens() async throws {
    let service = try await Self.filled()
    let first = try await service.entries.list(.init(pageSize: 3, tenantID: "acme"), by: .acme)
    let token = first.nextPageToken
    #expect(!token.isEmpty)
    let others: [AuditV1.ListEntriesRequest] = [
      .init(pageToken: token, tenantID: "acme", kinds: ["stage_opened"]),
      .init(pageToken: token, tenantID: "acme", startTime: .init(seconds: 1)),
      .init(
        pageToken: token, tenantID: "acme", requestID: "01899e56-0000-7000-8000-000000000001"),
      .init(pageToken: "x", tenantID: "acme"), .init(pageToken: token + "A", tenantID: "acme"),
      .init(pageToken: String(token.dropLast(2)), tenantID: "acme"),
    ]
    for request in others {
      await #expect(throws: PageToken.Failure.self) {
        try await service.entries.list(request, by: .acme)
      }
    }
    // The page's size may change on the way.
    _ = try await service.entries.list(
      .init(pageSize: 5, pageToken: token, tenantID: "acme"), by: .acme)
  }

  @Test("every wrong field of a list is named at once")
  func violations() async throws {
    let service = try await Self.filled()
    let error = await #expect(throws: RPCError.self) {
      try await service.entries.list(
        .init(
          pageSize: 501, tenantID: "acme", requestID: "7", kinds: ["stage_opened", "Noise"],
          startTime: .init(seconds: 0, nanos: -1), endTime: .init(seconds: .max)), by: .acme)
    }
    #expect(error?.code == .invalidArgument)
    #expect(
      error?.fieldViolations.map(\.field)
        == ["page_size", "request_id", "kinds[1]", "start_time", "end_time"])
    await #expect { try await service.entries.list(.init(tenantID: "A"), by: .acme) } throws: {
      ($0 as? Violation)?.field == "tenant_id"
    }
  }

  @Test("inclusion proofs hold at every size that the log ever had")
  func inclusion() async throws {
    let service = try await Self.filled()
    let bytes = try await service.entries.list(.init(tenantID: "acme"), by: .acme).entries
    let checkpoint = try TestService.verified(
      try await service.proofs.checkpoint(.init(tenantID: "acme"), by: .acme).checkpoint,
      of: .acme)
    for size in 1...UInt64(20) {
      let root = try await service.store.read(.acme) {
        try TreeRoot.compute(size: size, nodes: $0.hash(of:))
      }
      for index in 0..<size {
        let proof = try await service.proofs.inclusion(
          .init(tenantID: "acme", index: index, treeSize: size), by: .acme)
        #expect(proof.treeSize == size)
        try InclusionProof.verify(
          leaf: Hash.leaf(bytes[Int(index)].event), index: index, size: size, root: root,
          proof: proof.hashes.compactMap { Hash($0) })
      }
    }
    let newest = try await service.proofs.inclusion(.init(tenantID: "acme", index: 3), by: .acme)
    #expect(newest.treeSize == checkpoint.size)
  }

  @Test("what lies beyond the log's end is out of range")
  func beyond() async throws {
    let service = try await Self.filled()
    let calls: [() async throws -> Void] = [
      {
        _ = try await service.proofs.inclusion(
          .init(tenantID: "acme", index: 20, treeSize: 20), by: .acme)
      },
      {
        _ = try await service.proofs.inclusion(
          .init(tenantID: "acme", index: 0, treeSize: 21), by: .acme)
      },
      {
        _ = try await service.proofs.inclusion(
          .init(tenantID: "acme", index: .max, treeSize: .max), by: .acme)
      },
      {
        _ = try await service.proofs.consistency(
          .init(tenantID: "acme", oldSize: 1, newSize: 21), by: .acme)
      },
      {
        _ = try await service.proofs.consistency(
          .init(tenantID: "acme", oldSize: 9, newSize: 8), by: .acme)
      },
    ]
    for call in calls {
      let error = await #expect(throws: RPCError.self) { try await call() }
      #expect(error?.code == .outOfRange && error?.reason == "BEYOND_LOG_END")
    }
  }
}
