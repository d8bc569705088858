internal import NIOCore
internal import NIOPosix
internal import ProtobufC
internal import RawHTTP2
internal import TestProto

/// Peers that say little, take nothing, or are many.
extension Attack {
  private static let call = RawFrame.headers(
    HeaderBlock.call("/grpc.testing.TestService/UnaryCall"), .endHeaders, on: 1
  ).bytes

  static let slowPreface = dribble("slow_preface", after: [], RawFrame.preface)
  static let slowHeaders = dribble("slow_headers", after: greeting(), call)
  static let slowBody = dribble(
    "slow_body", after: greeting() + call,
    RawFrame.message([UInt8](repeating: 0, count: 100), on: 1).bytes)

  /// The beginning of a ClientHello, a byte a second.
  static let slowHandshake = Attack(peers: 2000, defences: ["slow_handshake", "unproven"]) {
    target, _ in
    let hello: [UInt8] = [22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3] + [UInt8](repeating: 7, count: 32)
    let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
    guard let channel = try? await bootstrap.connect(host: "127.0.0.1", port: target.port).get()
    else { return .refused }
    for byte in hello {
      guard target.isOpen, channel.isActive else { break }
      try? await channel.writeAndFlush(ByteBuffer(bytes: [byte]))
      try? await Task.sleep(for: .seconds(1))
    }
    let ending: Ending = channel.isActive ? (target.isOpen ? .outlived : .left) : .closed
    try? await channel.close().get()
    return ending
  }

  /// A hundred streams a connection ask for much and open no window for any of it.
  static let zeroWindow = Attack(peers: 10, defences: ["slow_reader"]) { target, _ in
    var request = GrpcTesting.StreamingOutputCallRequest()
    request.responseParameters = (0..<1000).map { _ in
      var parameters = GrpcTesting.ResponseParameters()
      parameters.size = 16 << 10
      return parameters
    }
    guard let message = try? request.serialized() else { return .refused }
    let block = HeaderBlock.call("/grpc.testing.TestService/StreamingOutputCall")
    let calls = (0..<100).flatMap { index in
      let stream = UInt32(2 * index + 1)
      return RawFrame.headers(block, .endHeaders, on: stream).bytes
        + RawFrame.message(message, on: stream).bytes
    }
    return await during(target) { peer in
      try await peer.send(greeting(.settings((.initialWindowSize, 0))))
      try await peer.send(calls)
    }
  }

  /// A thousand connections that show the same certificate; those that are let in stay.
  static let oneCertificate: Attack = {
    var attack = Attack(peers: 1000, defences: ["connections_per_identity"]) { target, _ in
      await during(target) { peer in try await peer.send(greeting()) }
    }
    attack.hasCertificate = true
    attack.endsConnections = false
    return attack
  }()

  /// Handshakes as fast as the machine makes them, and nothing after.
  static let handshakes: Attack = {
    var attack = Attack(peers: 50, defences: ["handshakes"]) { target, _ in
      guard let peer = try? await target.connect() else { return .refused }
      peer.drop()
      return .left
    }
    attack.endsConnections = false
    return attack
  }()
}
