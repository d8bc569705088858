internal import CommandLine
internal import NIOCore
internal import ProtobufC
internal import RPC

/// The services under load, with several connections to each.
struct Services: Sendable {
  let intake: Connections
  let approvals: Connections
  /// What the generic scenarios call.
  let others: Connections
  private let access: ServiceAccess?

  /// - Parameter servers: those that are needed; the others are not looked for.
  init(
    _ options: TargetOptions, servers: Set<Server>, on group: any EventLoopGroup
  ) throws {
    let own = try options.ownTLS()
    let servers = options.others.isEmpty ? servers.union([.intake]) : servers
    let access =
      own == nil || !servers.isEmpty ? try ServiceAccess(configuration: options.config) : nil
    let clientOptions = options.clientOptions

    func connections(_ server: Server) throws -> Connections {
      guard servers.contains(server), let access else { return Connections() }
      let addresses = options.addresses(of: server)
      if addresses.isEmpty {
        return try Connections(options.connections, on: group) { loop in
          [try access.client(of: server, options: clientOptions, on: loop)]
        }
      }
      return Connections(options.connections, on: group) { loop in
        addresses.map { access.client(at: $0, options: clientOptions, on: loop) }
      }
    }
    intake = try connections(.intake)
    approvals = try connections(.approvals)
    if options.others.isEmpty {
      others = intake
    } else {
      others = Connections(options.connections, on: group) { loop in
        options.others.compactMap { target in
          guard let own else {
            return access?.client(at: target, options: clientOptions, on: loop)
          }
          return RPCClient(
            target: target, tls: own.context, expecting: own.peer(target),
            options: clientOptions, eventLoopGroup: loop)
        }
      }
    }
    self.access = access
  }

  /// The metadata that makes a call somebody's.
  func identity(of person: String) throws -> Metadata { try access?.identity(of: person) ?? [:] }

  /// Where the operations run best.
  var lanes: [Lane] {
    let main = intake.isEmpty ? others : intake
    let count = [intake, approvals, others].map(\.count).max() ?? 1
    return (0..<count).map(main.lane)
  }

  func close() async {
    await intake.close()
    await approvals.close()
    await others.close()
  }
}

/// Clients of the same service, each with one connection, in turn on all event loops.
struct Connections: Sendable {
  private var clients: [RPCClient] = []
  private var loops: [any EventLoop] = []

  init() {}

  /// - Parameter make: one client of each address, on an event loop.
  init<E: Error>(
    _ connections: Int, on group: any EventLoopGroup,
    _ make: (any EventLoop) throws(E) -> [RPCClient]
  ) throws(E) {
    let all = Array(group.makeIterator())
    for _ in 0..<connections {
      let loop = all[clients.count % all.count]
      for client in try make(loop) {
        clients.append(client)
        loops.append(loop)
      }
    }
  }

  var isEmpty: Bool { clients.isEmpty }
  var count: Int { clients.count }

  subscript(lane: Int) -> RPCClient { clients[lane % clients.count] }

  func lane(_ number: Int) -> Lane {
    let loop = loops[number % loops.count]
    return Lane(
      executor: clients[number % clients.count].taskExecutor, clock: LoopClock(loop: loop),
      pacer: loops.firstIndex { $0 === loop } ?? 0)
  }

  func close() async {
    for client in clients { await client.shutdown(grace: .zero) }
  }
}
