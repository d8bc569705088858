internal import Logging
internal import RPC
internal import ServiceLifecycle
internal import Storage
internal import TLS

extension ServiceInstance {
  /// What runs, in the order of starting; it stops in the opposite order, one after the other. None
  /// may end before its turn: the group would take that for a failure, were it already stopping.
  var services: [ServiceGroupConfiguration.ServiceConfiguration] {
    var services: [any Service] = [Closing(instance: self)]
    services.append(Watching(instance: self))
    services += parts.loops.map { Working(loop: $0) }
    services += parts.consumers.map { Following(consumer: $0) }
    services.append(Serving(server: service, drain: drain, health: workbench.health))
    services.append(Serving(server: people, drain: drain, health: workbench.health))
    if let https = parts.https { services.append(Listening(listener: https)) }
    return services.map {
      ServiceGroupConfiguration.ServiceConfiguration(
        service: $0, successTerminationBehavior: .ignore,
        failureTerminationBehavior: .gracefullyShutdownGroup)
    } + [
      ServiceGroupConfiguration.ServiceConfiguration(
        service: Stopping(stop: stop.stream),
        successTerminationBehavior: .gracefullyShutdownGroup)
    ]
  }
}

/// Its end is the end of all.
private struct Stopping: Service, CustomStringConvertible {
  let stop: AsyncStream<Never>
  var description: String { "stop" }

  func run() async throws {
    await cancelWhenGracefulShutdown { for await _ in stop {} }
  }
}

/// Stops last: clients, then what the service itself closes, then the database.
private struct Closing: Service, CustomStringConvertible {
  let instance: ServiceInstance
  var description: String { "storage" }

  func run() async throws {
    try? await gracefulShutdown()
    await instance.closeMetrics()
    await instance.workbench.shutDownClients()
    await instance.parts.close()
    await instance.parts.database?.close()
  }
}

/// Takes new certificates, lists of revocations and issuers' keys while the service runs.
private struct Watching: Service, CustomStringConvertible {
  let instance: ServiceInstance
  var description: String { "reload" }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      await withTaskGroup { tasks in
        tasks.addTask { await instance.issuers.watch() }
        var contexts = instance.transport.all
        if let https = instance.parts.https { contexts.append(("https listener", https.tls)) }
        for (name, context) in contexts {
          let logger = instance.workbench.logger
          tasks.addTask {
            await context.watch(every: .seconds(2)) { report in
              switch report {
              case .reloaded: logger.log(.notice, "certificates reloaded", .reason(name))
              case .kept(let error):
                logger.log(
                  .error, "bad certificates, the old ones stay", .reason(name), .error(error))
              }
            }
          }
        }
      }
    }
  }
}

private struct Working: Service, CustomStringConvertible {
  let loop: ServiceParts.Loop
  var description: String { loop.name }

  func run() async throws {
    try await cancelWhenGracefulShutdown {
      do {
        try await loop.run()
      } catch is CancellationError {}
    }
    try? await gracefulShutdown()
  }
}

private struct Following: Service, CustomStringConvertible {
  let consumer: FeedConsumer
  var description: String { "feed of \(consumer.status.feed.rawValue)" }

  func run() async throws {
    await cancelWhenGracefulShutdown { await consumer.run() }
    try? await gracefulShutdown()
  }
}

/// Ends streams, says GOAWAY, and waits for the calls that run.
private struct Serving: Service, CustomStringConvertible {
  let server: RPCServer
  let drain: DrainSignal
  let health: HealthRegistry
  var description: String { "listener" }

  func run() async throws {
    try await withGracefulShutdownHandler {
      try await server.run()
    } onGracefulShutdown: {
      health.setAll(.notServing)
      drain.begin()
      server.shutdown()
    }
  }
}

private struct Listening: Service, CustomStringConvertible {
  let listener: any ServiceListener
  var description: String { "https listener" }

  func run() async throws {
    try await withGracefulShutdownHandler {
      try await listener.run()
    } onGracefulShutdown: {
      listener.shutdown()
    }
  }
}
