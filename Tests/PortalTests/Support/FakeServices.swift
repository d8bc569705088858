internal import Domain
internal import LockboxProto
internal import NIOCore
internal import RPC
internal import ServiceKit
internal import Synchronization
internal import TLS
internal import TestKit

/// Approvals, as far as the portal's core knows it: real TLS and HTTP/2, the records of a test.
final class FakeServices: Sendable {
  private struct State {
    var records: [ApprovalsV1.AccessRequestRecord] = []
    var failure: RPCError?
    var authorizations: [String] = []
    var watchers: [UInt64: AsyncStream<Void>.Continuation] = [:]
    var next: UInt64 = 0
  }

  private let state = Mutex(State())
  private let server: Mutex<RPCServer?> = Mutex(nil)

  func set(_ records: [ApprovalsV1.AccessRequestRecord]) {
    state.withLock { $0.records = records }
  }

  /// What every call is answered with from now on; nil: the truth.
  func fail(_ error: RPCError?) { state.withLock { $0.failure = error } }

  /// What each call brought along.
  var authorizations: [String] { state.withLock { $0.authorizations } }

  /// Streams that are open.
  var watchers: Int { state.withLock { $0.watchers.count } }

  /// Tells all who watch.
  func change() {
    let watchers = state.withLock { Array($0.watchers.values) }
    for watcher in watchers { watcher.yield() }
  }

  func start(in installation: TestInstallation) async throws -> Address {
    let files = installation.pki.files("services", uri: nil)
    let tls = try TLSContext(
      .server(
        identity: .init(chainFile: files.certificate, keyFile: files.key),
        clientCertificates: .none))
    let server = RPCServer(
      listeners: [
        Listener(
          address: try SocketAddress(ipAddress: "127.0.0.1", port: 0), tls: tls, router: router)
      ], logger: LogCapture().logger())
    let address = try await server.start()[0]
    self.server.withLock { $0 = server }
    return Address(host: "127.0.0.1", port: address.port ?? 0)
  }

  func stop() { server.withLock { $0.take() }?.shutdown() }

  private var router: Router {
    var router = Router()
    router.unary(ApprovalsV1.ApprovalsService.listAccessRequests) { [self] request, context in
      try check(context)
      let wanted = Set(request.states)
      let all = state.withLock { $0.records }
      return .init(
        accessRequests: all.filter { wanted.isEmpty || wanted.contains($0.state) })
    }
    router.unary(ApprovalsV1.ApprovalsService.getAccessRequest) { [self] _, context in
      try check(context)
      guard let first = state.withLock({ $0.records.first }) else {
        throw RPCError.notFound("access request")
      }
      return .init(accessRequest: first)
    }
    router.unary(ApprovalsV1.GrantService.listGrants) { [self] _, context in
      try check(context)
      let all = state.withLock { $0.records }
      return .init(
        grants: all.compactMap { record in
          record.grant.map { .init(grant: $0, state: record.state) }
        })
    }
    router.serverStreaming(ApprovalsV1.ApprovalsService.watchAccessRequests) {
      [self] _, responses, context in
      try check(context)
      let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
      let number = state.withLock { state in
        state.next += 1
        state.watchers[state.next] = continuation
        return state.next
      }
      defer { state.withLock { $0.watchers[number] = nil } }
      try await responses.sendHeaders()
      for await _ in stream { try await responses.send(.init(sequence: 1)) }
    }
    return router
  }

  private func check(_ context: ServerContext) throws {
    try state.withLock { state in
      state.authorizations.append(context.metadata["authorization"] ?? "")
      if let failure = state.failure { throw failure }
    }
  }
}
