internal import ArgumentParser
internal import RPC
internal import StandardProto

/// What one operation is.
enum ScenarioName: String, CaseIterable, ExpressibleByArgument {
  case submit, life, health

  static let help: ArgumentHelp = """
    submit: one durable request at intake. life: submit, open, every manager, the customer, an \
    access token. health: grpc.health.v1.Health/Check at intake.
    """

  func operation(
    _ people: People, _ services: Services, _ recorder: Recorder
  ) throws -> Operation {
    switch self {
    case .submit:
      let submission = try Submissions(people, services)
      return { _, lane throws(RPCError) in _ = try await submission.submit(lane) }
    case .life:
      let life = try Life(people, services, recorder)
      return { _, lane throws(RPCError) in try await life.run(lane) }
    case .health:
      return { _, lane throws(RPCError) in
        let answer = try await services.intake(lane).unary(
          GrpcHealthV1.Health.check, GrpcHealthV1.HealthCheckRequest())
        if answer.status != .serving { throw RPCError(.unavailable, "intake does not serve") }
      }
    }
  }
}
