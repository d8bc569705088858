public import ProtobufC
internal import StandardProto

extension Router {
  /// Serves server reflection, v1 and v1alpha, about the methods added so far: of the services
  /// given, those of which at least one method is served. Health and reflection need not be given.
  ///
  /// To be called last.
  public mutating func addReflection(of services: [ServiceDescriptor]) {
    let own = [
      GrpcHealthV1.Health.descriptor,
      GrpcReflectionV1.ServerReflection.descriptor,
      GrpcReflectionV1alpha.ServerReflection.descriptor,
    ]
    let reflection = own.dropFirst().flatMap(\.methods).map(\.path)
    let served = Set(paths + reflection)
    var seen: Set<String> = []
    let visible = (services + own).filter { service in
      seen.insert(service.name).inserted && service.methods.contains { served.contains($0.path) }
    }
    let index = ReflectionIndex(visible)
    addReflectionV1(index)
    addReflectionV1alpha(index)
  }
}
