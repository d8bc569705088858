internal import Domain
internal import LogStore
internal import MerkleLog
internal import RPC
internal import ServiceKit
internal import TemporaryFiles
internal import TestKit
internal import Testing

@testable internal import Audit
@testable internal import Web

@Suite("Logs as tiles")
struct TilesTests {
  /// Asks as the listener would, with a caller that its rule has let in.
  private func ask(
    _ path: String, by caller: Caller, _ tiles: LogTiles
  ) async throws -> WebResponse {
    let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
      .map(String.init)
    guard case .route(let found) = tiles.routes.match("GET", segments) else {
      return WebResponse(.notFound)
    }
    let request = WebRequest(
      method: .get, segments: segments, parameters: found.parameters, rest: found.rest, query: [],
      fields: [],
      body: [], peer: nil, trace: nil, admitted: caller)
    do {
      return try await found.route.handler(request)
    } catch let error as WebError {
      return WebResponse(error)
    }
  }

  private func withTiles(
    _ size: Int, _ body: (LogTiles, LogAuditStore) async throws -> Void
  ) async throws {
    try await withLog(in: TemporaryDirectory()) { store in
      let service = TestService(store)
      var events = TestEvents()
      _ = try await store.append(events.batch(size, tenants: ["acme"]))
      try await body(
        LogTiles(store: store, origins: TestService.origins, checkpoints: service.checkpoints),
        store)
    }
  }

  @Test("the address of a log is its origin, and the checkpoint there is its own")
  func checkpoint() async throws {
    try await withTiles(5) { tiles, _ in
      let response = try await ask("/lockbox/acme/checkpoint", by: .acme, tiles)
      #expect(response.status == 200)
      let note = String(decoding: response.body, as: UTF8.self)
      #expect(try TestService.verified(note, of: .acme).size == 5)
      #expect(
        response.fields == [
          WebField("content-type", "text/plain; charset=utf-8"),
          WebField("cache-control", "private, max-age=5"),
        ])
    }
  }

  @Test("tiles and bundles make the tree that the checkpoint signs, by RFC 6962 alone")
  func tree() async throws {
    try await withTiles(70_000 / 100) { tiles, _ in
      let size = 700
      var leaves: [Hash] = []
      var entries: [[UInt8]] = []
      for tile in 0...2 {
        let width = min(256, size - tile * 256)
        let suffix = width == 256 ? "" : ".p/\(width)"
        let hashes = try await ask("/lockbox/acme/tile/0/00\(tile)\(suffix)", by: .acme, tiles)
        #expect(hashes.status == 200 && hashes.body.count == width * 32)
        for at in stride(from: 0, to: hashes.body.count, by: 32) {
          leaves.append(try #require(Hash(Array(hashes.body[at..<at + 32]))))
        }
        let bundle = try await ask(
          "/lockbox/acme/tile/entries/00\(tile)\(suffix)", by: .acme, tiles)
        var rest = bundle.body[...]
        while rest.count >= 2 {
          let length = Int(rest.removeFirst()) << 8 | Int(rest.removeFirst())
          entries.append(Array(rest.prefix(length)))
          rest = rest.dropFirst(length)
        }
        #expect(rest.isEmpty)
        for response in [hashes, bundle] {
          #expect(
            response.fields == [
              WebField("content-type", "application/octet-stream"),
              WebField("cache-control", "private, max-age=31536000, immutable"),
            ])
        }
      }
      #expect(entries.map { Hash.leaf($0) } == leaves)
      var tree = CompactTree()
      for leaf in leaves { tree.append(leaf) { _, _ in } }
      let checkpoint = try TestService.verified(
        String(
          decoding: try await ask("/lockbox/acme/checkpoint", by: .acme, tiles).body,
          as: UTF8.self), of: .acme)
      #expect(checkpoint.size == 700 && tree.root == checkpoint.root)
      let upper = try await ask("/lockbox/acme/tile/1/000.p/2", by: .acme, tiles)
      #expect(upper.status == 200 && upper.body.count == 64)
    }
  }

  @Test("what is not there and what is another's answer alike, byte for byte")
  func alike() async throws {
    try await withTiles(300) { tiles, store in
      var events = TestEvents(.intake)
      _ = try await store.append(events.batch(3, tenants: ["globex"]))
      let paths = [
        "/lockbox/globex/checkpoint", "/lockbox/globex/tile/0/000.p/3",
        "/lockbox/globex/tile/entries/000.p/3", "/lockbox/nobody/checkpoint",
        "/lockbox/nobody/tile/0/000", "/lockbox/provider/checkpoint", "/lockbox/A!/checkpoint",
        "/lockbox/acme/tile/0/001.p/45", "/lockbox/acme/tile/0/002", "/lockbox/acme/tile/0/000.p/0",
        "/lockbox/acme/tile/0/000.p/256", "/lockbox/acme/tile/00/000", "/lockbox/acme/tile/64/000",
        "/lockbox/acme/tile/0/0", "/lockbox/acme/tile/0/x000/000", "/lockbox/acme/tile/0/-01",
        "/lockbox/acme/tile/entries/002", "/lockbox/acme/tile/entries/x",
        "/lockbox/acme/tile/9/000", "/other",
      ]
      for path in paths {
        let response = try await ask(path, by: .acme, tiles)
        #expect(response == WebResponse(.notFound), "\(path)")
      }
      let own = try await ask("/lockbox/provider/checkpoint", by: .provider, tiles)
      #expect(own.status == 200)
      #expect(
        try await ask("/lockbox/acme/checkpoint", by: .provider, tiles) == WebResponse(.notFound))
      #expect(try await ask("/lockbox/acme/tile/0/000", by: .acme, tiles).status == 200)
      #expect(try await ask("/lockbox/acme/tile/0/001.p/44", by: .acme, tiles).status == 200)
    }
  }

  @Test("hashes and entries have scopes of their own, and no rule is open")
  func rules() async throws {
    try await withTiles(1) { tiles, _ in
      #expect(
        Set(tiles.routes.all.map(\.name)) == [
          "lockbox.audit.v1.LogTiles/GetCheckpoint", "lockbox.audit.v1.LogTiles/GetTile",
          "lockbox.audit.v1.LogTiles/GetEntries",
        ])
      for route in tiles.routes.all {
        #expect(route.rule.callers == .people([.auditor, .admin, .approver, .operator]))
        #expect(route.rule.tenants == .log)
      }
    }
  }
}
