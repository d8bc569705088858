internal import StandardProto

private typealias Request = GrpcReflectionV1.ServerReflectionRequest
private typealias Response = GrpcReflectionV1.ServerReflectionResponse

extension Router {
  mutating func addReflectionV1(_ index: ReflectionIndex) {
    bidirectional(GrpcReflectionV1.ServerReflection.serverReflectionInfo) {
      requests, responses, _ in
      for try await request in requests {
        try await responses.send(
          Response(
            validHost: request.host, originalRequest: request,
            messageResponse: answer(request.messageRequest, index)))
      }
    }
  }
}

private func answer(
  _ request: Request.MessageRequest?, _ index: ReflectionIndex
) -> Response.MessageResponse {
  switch request {
  case .listServices:
    .listServicesResponse(.init(service: index.services.map { .init(name: $0) }))
  case .fileByFilename(let name): message(index.file(named: name))
  case .fileContainingSymbol(let symbol): message(index.file(containing: symbol))
  // proto3 has no extensions.
  case .fileContainingExtension: message(.error(.notFound, "no such extension"))
  case .allExtensionNumbersOfType: message(.error(.notFound, "no such type with extensions"))
  case nil: message(.error(.invalidArgument, "the request asks nothing"))
  }
}

private func message(_ answer: ReflectionIndex.Answer) -> Response.MessageResponse {
  switch answer {
  case .files(let files): .fileDescriptorResponse(.init(fileDescriptorProto: files))
  case .error(let code, let message):
    .errorResponse(.init(errorCode: Int32(code.rawValue), errorMessage: message))
  }
}
