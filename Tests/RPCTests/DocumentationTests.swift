internal import Foundation
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import StandardProto
internal import TLS
internal import Testing

@testable internal import RPC

/// The module's documentation says what is true.
struct DocumentationTests {
  @Test(
    "the article's service runs, and is the code that is compiled here", .timeLimit(.minutes(2)))
  func service() async throws {
    let pki = try ClientPKI()
    let address = try SocketAddress(ipAddress: "127.0.0.1", port: 0)
    let (serverTLS, clientTLS) = (try pki.server(clients: .none), try pki.client(anonymous: true))
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    // MARK: the article's code
    var router = Router()
    router.unary(EchoService.echo) { note, context in
      context.response.addTrailer("\(note.typeURL.count)", for: "x-length")
      return note
    }
    let listener = Listener(address: address, tls: serverTLS, router: router)
    let server = RPCServer(listeners: [listener], logger: logger)
    let port = try await server.start().first?.port ?? 0
    let serving = Task { try await server.run() }

    let client = RPCClient(
      target: RPCTarget(host: "localhost", port: port), tls: clientTLS,
      expecting: .hostname("localhost"), eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
    let answer = try await client.unary(EchoService.echo, Note("hello"))
    // MARK: its end

    #expect(answer == Note("hello"))
    await client.shutdown(grace: .zero)
    server.shutdown()
    try await serving.value
    #expect(try Self.article.contains(Self.compiled))
  }

  private static var article: String {
    get throws { try text("Sources/RPC/RPC.docc/RPC.md") }
  }

  /// What stands between the marks above, as it stands in the article.
  private static var compiled: String {
    get throws {
      let lines = try text("Tests/RPCTests/DocumentationTests.swift")
        .split(separator: "\n", omittingEmptySubsequences: false)
      let begin = try #require(lines.firstIndex { $0.hasSuffix("// MARK: the article's code") })
      let end = try #require(lines.firstIndex { $0.hasSuffix("// MARK: its end") })
      return "```swift\n"
        + lines[begin + 1..<end].map { $0.dropFirst(4) }.joined(separator: "\n") + "\n```"
    }
  }

  private static func text(_ path: String) throws -> String {
    let root = #filePath.components(separatedBy: "/Tests/RPCTests/")[0]
    return try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
  }
}
