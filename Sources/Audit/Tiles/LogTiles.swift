internal import Domain
internal import LogStore
internal import MerkleLog
internal import ServiceKit
internal import Web

/// Logs as C2SP tlog-tiles serves them, each to those who may read it and to nobody else.
///
/// A log's address is its origin: `https://<origin>/checkpoint`, where this host is the one that the
/// origin names. A foreign log, one that does not exist and a tile beyond the end answer alike (I6).
struct LogTiles: Sendable {
  let store: LogAuditStore
  let origins: Origins
  let checkpoints: CosignedCheckpoints

  private static let readers: AuthorizationRow.Callers = .people(
    [.auditor, .admin, .approver, .operator])

  /// Service tokens whose scope names only the first two see hashes and no entry.
  private enum Name {
    static let checkpoint = "lockbox.audit.v1.LogTiles/GetCheckpoint"
    static let tile = "lockbox.audit.v1.LogTiles/GetTile"
    static let entries = "lockbox.audit.v1.LogTiles/GetEntries"
  }

  var routes: WebRoutes {
    var routes = WebRoutes()
    let log = "\(origins.path)/:log"
    add("\(log)/checkpoint", Name.checkpoint, to: &routes) { _, log in
      try await checkpoint(of: log)
    }
    add("\(log)/tile/entries/*", Name.entries, to: &routes) { request, log in
      let path = "tile/entries/" + request.rest.joined(separator: "/")
      return try await bundle(EntryBundle(path: path), of: log)
    }
    add("\(log)/tile/*", Name.tile, to: &routes) { request, log in
      try await tile(Tile(path: "tile/" + request.rest.joined(separator: "/")), of: log)
    }
    return routes
  }

  private func add(
    _ pattern: String, _ name: String, to routes: inout WebRoutes,
    _ answer: @escaping @Sendable (WebRequest, LogName) async throws -> WebResponse
  ) {
    routes.add(
      .get, pattern, name: name, callers: Self.readers, tenants: .log, automation: true
    ) { request in
      try await answer(request, try log(request))
    }
  }

  private func log(_ request: WebRequest) throws -> LogName {
    let log = request.parameters["log"].flatMap { origins.log($0) }
    let tenant: TenantID?
    switch log {
    case .none: throw WebError.notFound
    case .provider?: tenant = nil
    case .tenant(let id)?: tenant = id
    }
    guard let log, try request.caller().mayReadLog(of: tenant) else { throw WebError.notFound }
    return log
  }

  private func checkpoint(of log: LogName) async throws -> WebResponse {
    var response = WebResponse.text(try await checkpoints.newest(of: log))
    // It changes with every entry; a few seconds spare signatures.
    response.fields.append(WebField("cache-control", "private, max-age=5"))
    return response
  }

  private func tile(_ tile: Tile?, of log: LogName) async throws -> WebResponse {
    guard let tile,
      let bytes = try await store.log.read({ try $0.log(log.tenantID).tile(tile) })
    else { throw WebError.notFound }
    return .immutable(bytes)
  }

  /// Nothing too where a retention has taken an entry's body, or one is beyond what the format
  /// holds (65,535 bytes).
  private func bundle(_ bundle: EntryBundle?, of log: LogName) async throws -> WebResponse {
    guard let bundle,
      let bytes = try await store.log.read({ try $0.log(log.tenantID).bundle(bundle) })
    else { throw WebError.notFound }
    return .immutable(bytes)
  }
}

extension WebResponse {
  /// The same for ever, but for whoever asked alone.
  fileprivate static func immutable(_ bytes: [UInt8]) -> WebResponse {
    WebResponse(
      type: "application/octet-stream", body: bytes,
      fields: [WebField("cache-control", "private, max-age=31536000, immutable")])
  }
}
