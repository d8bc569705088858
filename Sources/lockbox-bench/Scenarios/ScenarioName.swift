internal import ArgumentParser
internal import CommandLine
internal import ProtobufC
internal import RPC
internal import StandardProto

/// What one operation may be.
enum ScenarioName: String, CaseIterable, ExpressibleByArgument {
  case submit, get, list, life, health, call

  static let help: ArgumentHelp = """
    What one operation is: submit (one durable request at intake), get (one request), list (a page \
    of requests), life (submit, open, every manager, the customer, an access token), health \
    (grpc.health.v1.Health/Check at intake or at any --target), call (any --method there). With a \
    weight, submit=8, and repeated: chosen at random for each operation. The default: submit.
    """

  /// The services that it needs, besides the addresses without a name.
  var servers: Set<Server> {
    switch self {
    case .submit, .get, .list: [.intake]
    case .life: [.intake, .approvals]
    case .health, .call: []
    }
  }

  func scenario(
    _ people: People, _ services: Services, _ method: MethodOptions
  ) throws -> Scenario {
    switch self {
    case .submit: try Submissions(people, services).scenario
    case .get: try Readings(people, services).get
    case .list: try Readings(people, services).list
    case .life: try Life(people, services).scenario
    case .health: Self.health(services)
    case .call: try Self.call(services, method)
    }
  }

  private static func health(_ services: Services) -> Scenario {
    let others = services.others
    return Scenario(name: "health", method: GrpcHealthV1.Health.check.path) {
      call throws(RPCError) in
      let answer = try await others[call.lane].unary(
        GrpcHealthV1.Health.check, GrpcHealthV1.HealthCheckRequest())
      if answer.status != .serving { throw RPCError(.unavailable, "it does not serve") }
    }
  }

  private static func call(_ services: Services, _ options: MethodOptions) throws -> Scenario {
    guard let method = options.method?.method else {
      throw ValidationError("--scenario call needs a method: give --method package.Service/Method.")
    }
    let request = try options.request()
    let others = services.others
    let callOptions = CallOptions(metadata: options.fields)
    return Scenario(name: "call", method: method.path) { call throws(RPCError) in
      _ = try await others[call.lane].unary(method, request, options: callOptions)
    }
  }
}
