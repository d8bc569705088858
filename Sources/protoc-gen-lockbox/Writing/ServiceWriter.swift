/// Writes the methods of one service.
struct ServiceWriter {
  let service: ServiceType
  /// The property of the file's descriptor.
  let file: String
  let types: Types

  func write(to source: inout SourceText) {
    source.documentation(service.documentation)
    source.block("public enum \(service.name)") { source in
      for method in service.methods {
        source.documentation(method.documentation)
        let request = types[method.request].swift
        let response = types[method.response].swift
        source.line("public static let \(name(of: method)) = Method<")
        source.line("  \(request), \(response)")
        source.line(">(")
        source.line("  service: \"\(service.fullName)\", name: \"\(method.name)\",")
        source.line("  kind: .\(kind(of: method)), idempotency: .\(method.idempotency.rawValue))")
        source.line()
      }
      source.line("public static let descriptor = ServiceDescriptor(")
      source.line("  name: \"\(service.fullName)\",")
      source.line("  methods: [")
      source.lines(service.methods.map { "    \(name(of: $0)).descriptor," })
      source.line("  ],")
      source.line("  file: \(file))")
    }
  }

  private func name(of method: MethodType) -> String {
    Names.escaped(Names.lowerFirst(method.name))
  }

  private func kind(of method: MethodType) -> String {
    switch (method.clientStreams, method.serverStreams) {
    case (false, false): "unary"
    case (false, true): "serverStreaming"
    case (true, false): "clientStreaming"
    case (true, true): "bidirectionalStreaming"
    }
  }
}
