internal import StandardProto

extension Router {
  /// Serves `grpc.health.v1.Health` from a registry.
  ///
  /// Source: gRPC `doc/health-checking.md`.
  public mutating func addHealth(_ registry: HealthRegistry) {
    unary(GrpcHealthV1.Health.check) { request, _ in
      guard let status = registry.status(of: request.service) else {
        throw RPCError(.notFound, "unknown service")
      }
      return GrpcHealthV1.HealthCheckResponse(status: status.serving)
    }
    unary(GrpcHealthV1.Health.list) { _, _ in
      GrpcHealthV1.HealthListResponse(
        statuses: registry.statuses.mapValues {
          GrpcHealthV1.HealthCheckResponse(status: $0.serving)
        })
    }
    serverStreaming(GrpcHealthV1.Health.watch) { request, responses, _ in
      for await status in registry.changes(of: request.service) {
        try await responses.send(
          GrpcHealthV1.HealthCheckResponse(status: status?.serving ?? .serviceUnknown))
      }
    }
  }
}

extension HealthRegistry.Status {
  fileprivate var serving: GrpcHealthV1.HealthCheckResponse.ServingStatus {
    switch self {
    case .serving: .serving
    case .notServing: .notServing
    }
  }
}
