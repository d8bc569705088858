public import TLS

/// One more listener of a service, beside the two that speak gRPC. The runner binds it with the
/// others, reloads its certificates with theirs, and drains it first.
public protocol ServiceListener: Sendable {
  /// The setting that says where it is, for complaints.
  var addressKey: String { get }
  /// What that setting says.
  var address: Address { get }
  var tls: TLSContext { get }

  /// Binds; serves from then on.
  /// - Returns: the address bound.
  func start() async throws -> Address

  /// Waits for the end of serving.
  func run() async throws

  /// Takes no more requests, and ends when those that run are answered.
  func shutdown()
}
