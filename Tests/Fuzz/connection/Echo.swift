internal import DevPKI
internal import Foundation
internal import FuzzSupport
internal import Logging
internal import NIOCore
internal import ProtobufC
internal import RPC
internal import StandardProto
internal import TLS

/// A listener with one method of each kind.
enum Echo {
  typealias Request = GrpcHealthV1.HealthCheckRequest
  typealias Response = GrpcHealthV1.HealthCheckResponse

  static let silent = Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }

  static let listener = requireSuccess("a listener") {
    var limits = ServerLimits.standard
    limits.requestBytes = 1024
    limits.queuedResponseBytes = 64
    limits.concurrentStreams = 4
    limits.runningHandlers = 6
    limits.headerListBytes = 1024
    limits.headerFields = 16
    return Listener(
      address: try SocketAddress(ipAddress: "127.0.0.1", port: 0), tls: try tls(), router: router,
      limits: limits)
  }

  /// `/f.E/U`, `/f.E/S`, `/f.E/C` and `/f.E/B`: short, for the fuzzer's sake.
  private static func method(_ name: String, _ kind: MethodKind) -> Method<Request, Response> {
    Method(service: "f.E", name: name, kind: kind, idempotency: .unknown)
  }

  private static var router: Router {
    var router = Router()
    router.unary(method("U", .unary)) { request, context in
      context.response.addTrailer("\(request.service.utf8.count)", for: "length")
      return Response(status: .serving)
    }
    router.serverStreaming(method("S", .serverStreaming)) { request, writer, _ in
      for _ in 0..<min(request.service.utf8.count, 64) {
        try await writer.send(Response(status: .serving))
      }
    }
    router.clientStreaming(method("C", .clientStreaming)) { requests, _ in
      for try await _ in requests {}
      return Response(status: .serving)
    }
    router.bidirectional(method("B", .bidirectionalStreaming)) { requests, writer, _ in
      for try await _ in requests { try await writer.send(Response(status: .serving)) }
    }
    return router
  }

  private static func tls() throws -> TLSContext {
    let directory = FileManager.default.temporaryDirectory.appending(
      path: "fuzz-connection-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let validity = Validity(from: Int64(Date().timeIntervalSince1970), days: 1)
    let (chain, key) = (directory.path + "/server.pem", directory.path + "/server.key")
    try CertificateAuthority.selfSigned(CertificateRequest(validity: validity))
      .write(chain: chain, key: key)
    return try TLSContext(
      .server(
        identity: .init(chainFile: chain, keyFile: key), clientCertificates: .optional,
        trustRootsFile: chain))
  }
}
