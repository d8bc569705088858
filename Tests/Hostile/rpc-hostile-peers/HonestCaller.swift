internal import NIOPosix
internal import RPC
internal import Synchronization
internal import TLS
internal import TestProto

/// Calls 50 times a second whatever becomes of the calls before, on one connection.
struct HonestCaller {
  private let client: RPCClient

  static let interval = Duration.milliseconds(20)

  init(port: Int, pki: HostilePKI, hasCertificate: Bool) throws {
    let identity = TLSConfiguration.Identity(
      chainFile: pki.path("honest.pem"), keyFile: pki.path("honest.key"))
    let tls = try TLSContext(
      .client(trustRootsFile: pki.path("ca.pem"), identity: hasCertificate ? identity : nil))
    client = RPCClient(
      target: RPCTarget(host: "127.0.0.1", port: port), tls: tls,
      expecting: .uri(HostilePKI.serverURI),
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
  }

  struct Result {
    var latencies: [Duration] = []
    var failures = 0

    /// The given percentile, each call's own time.
    func percentile(_ percent: Int) -> Duration {
      let sorted = latencies.sorted()
      guard !sorted.isEmpty else { return .zero }
      return sorted[min(sorted.count - 1, sorted.count * percent / 100)]
    }
  }

  func call(for time: Duration) async -> Result {
    let start = ContinuousClock.now
    return await withTaskGroup(of: Duration?.self) { tasks in
      for index in 0..<Int(time / Self.interval) {
        try? await Task.sleep(until: start + Self.interval * index)
        tasks.addTask { await call() }
      }
      var result = Result()
      for await latency in tasks {
        if let latency { result.latencies.append(latency) } else { result.failures += 1 }
      }
      return result
    }
  }

  /// Nil when the call failed.
  private func call() async -> Duration? {
    let start = ContinuousClock.now
    do throws(RPCError) {
      _ = try await client.unary(GrpcTesting.TestService.emptyCall, GrpcTesting.Empty())
      return ContinuousClock.now - start
    } catch {
      return nil
    }
  }

  func end() async { await client.shutdown(grace: .zero) }
}
