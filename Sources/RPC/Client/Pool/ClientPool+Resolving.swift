internal import NIOCore

// The addresses of the target, and when they are asked for again.

extension ClientPool {
  /// Finds the addresses. Calls wait meanwhile.
  func resolve() {
    if let address = literalAddress { return resolved([address]) }
    resolution = .running
    lookUp { [self] result in
      switch result {
      case .success(let addresses): resolved(addresses)
      case .failure(let failure): resolutionFailed(failure)
      }
    }
  }

  /// A connection was lost, refused or is old: the name may lead elsewhere by now. The known
  /// addresses are used meanwhile, and kept if there is no answer.
  func refreshAddresses() {
    guard literalAddress == nil, !isRefreshing, shutdown == nil, case .done = resolution else {
      return
    }
    isRefreshing = true
    if let delay = resolutionDelay {
      _ = loop.assumeIsolated().scheduleTask(in: delay) { [weak self] in self?.refresh() }
    } else {
      refresh()
    }
  }

  private func refresh() {
    guard case .done = resolution, shutdown == nil else {
      isRefreshing = false
      return
    }
    lookUp { [self] result in
      isRefreshing = false
      if case .success(let addresses) = result, case .done = resolution { resolved(addresses) }
    }
  }

  /// The host, when it is an address; nil for a name and for whoever resolves by himself.
  private var literalAddress: SocketAddress? {
    options.resolve == nil ? AddressResolver.literal(target) : nil
  }

  private func lookUp(_ done: @escaping (Result<[SocketAddress], ConnectFailure>) -> Void) {
    resolvedAt = .now()
    let addresses: EventLoopFuture<[SocketAddress]> =
      if let resolve = options.resolve {
        loop.makeFutureWithTask { [target] in try await resolve(target) }
      } else {
        AddressResolver.resolve(target, on: loop)
      }
    addresses.assumeIsolated().whenComplete { result in
      switch result {
      case .success(let addresses) where addresses.isEmpty:
        done(.failure(.unresolved("no address")))
      case .success(let addresses): done(.success(addresses))
      case .failure(let error): done(.failure(ConnectFailure(error)))
      }
    }
  }

  private func resolved(_ addresses: [SocketAddress]) {
    resolution = .done
    resolutionFailures = 0
    let known = endpoints
    if known.map(\.address) != addresses {
      endpoints = addresses.map { address in
        known.first { $0.address == address } ?? ClientEndpoint(address, in: self)
      }
      nextEndpoint = randomIndex(below: endpoints.count)
      for endpoint in known where !addresses.contains(endpoint.address) { endpoint.remove() }
    }
    if shutdown == nil, known.isEmpty || waiting.count > endedWaiting || isConnected {
      connectIdle()
    }
  }

  /// Whether the client is in use: one that nobody calls needs no new connections.
  private var isConnected: Bool { endpoints.contains { $0.ready != nil } }

  private func resolutionFailed(_ failure: ConnectFailure) {
    resolution = .backingOff
    resolutionFailures += 1
    _ = schedule(after: connectDelay(afterFailures: resolutionFailures)) { [self] in
      resolution = .none
      reconnectForWaiting()
    }
    connectFailed(failure)
  }
}
