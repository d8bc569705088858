internal import DevPKI
internal import NIOCore
internal import TLS
internal import Testing

@Suite("Mutual TLS", .timeLimit(.minutes(1)))
struct MutualTLSTests {
  @Test("both ends learn who the other is, and data flows both ways")
  func identities() async throws {
    let pki = try PKI()
    let server = try await Loopback(TLSContext(pki.serverConfiguration()), greeting: [4, 5])
    let near = try await server.connect(TLSContext(pki.clientConfiguration()), greeting: [1, 2, 3])
    let far = try await server.accept()
    let atServer = await far.outcome { $0.bytes.count == 3 }
    let atClient = await near.outcome { $0.bytes.count == 2 }
    #expect(atServer.handshake?.peer?.spiffeID == PKI.clientURI)
    #expect(atServer.handshake?.applicationProtocol == "h2")
    #expect(atServer.bytes == [1, 2, 3])
    #expect(atClient.handshake?.peer?.spiffeID == PKI.serverURI)
    #expect(atClient.handshake?.peer?.dnsNames == ["localhost"])
    #expect(atClient.handshake?.peer?.notAfter == pki.validity.notAfter)
    #expect(atClient.bytes == [4, 5])
    try await near.channel.close()
    let serverEnd = await far.outcome(after: atServer)
    let clientEnd = await near.outcome(after: atClient)
    #expect(serverEnd.errors.isEmpty)
    #expect(clientEnd.errors.isEmpty)
    try await server.close()
  }
}
