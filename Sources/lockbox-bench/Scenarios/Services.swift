internal import CommandLine
internal import NIOCore
internal import ProtobufC
internal import RPC

/// The services under load, with several connections to each.
struct Services: Sendable {
  private let intake: [RPCClient]
  private let approvals: [RPCClient]
  let access: ServiceAccess

  init(_ access: ServiceAccess, connections: Int, on group: any EventLoopGroup) throws {
    var options = RPCClientOptions()
    // What is repeated is counted once and takes longer: not in a measurement.
    options.retry.maximumAttempts = 1
    options.maximumWaitingCalls = 1_000_000
    self.access = access
    intake = try (0..<connections).map { _ in
      try access.client(of: .intake, options: options, on: group)
    }
    approvals = try (0..<connections).map { _ in
      try access.client(of: .approvals, options: options, on: group)
    }
  }

  /// Where the operations of each lane run best, by remainder.
  var executors: [any TaskExecutor] { intake.map(\.taskExecutor) }

  func intake(_ lane: Int) -> RPCClient { intake[lane % intake.count] }
  func approvals(_ lane: Int) -> RPCClient { approvals[lane % approvals.count] }

  func close() async {
    for client in intake + approvals { await client.shutdown(grace: .zero) }
  }
}
