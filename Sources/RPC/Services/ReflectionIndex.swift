internal import ProtobufC

/// What a listener tells about its services, by file name and symbol.
///
/// Source: `grpc/reflection/v1/reflection.proto`.
struct ReflectionIndex: Sendable {
  let services: [String]
  private var files: [String: FileDescriptor] = [:]
  private var symbols: [String: String] = [:]

  enum Answer {
    case files([[UInt8]])
    case error(StatusCode, String)
  }

  init(_ services: [ServiceDescriptor]) {
    self.services = services.map(\.name).sorted()
    for service in services { enter(service.file) }
    // The methods of other services in the same files do not exist for this listener.
    for service in services {
      for method in service.methods {
        symbols["\(service.name).\(method.name)"] = service.file.name
      }
    }
  }

  private mutating func enter(_ file: FileDescriptor) {
    guard files.updateValue(file, forKey: file.name) == nil else { return }
    for symbol in file.symbols { symbols[symbol] = file.name }
    for dependency in file.dependencies { enter(dependency) }
  }

  func file(named name: String) -> Answer {
    guard let file = files[name] else { return .error(.notFound, "no such file") }
    return .files(withDependencies(file))
  }

  func file(containing symbol: String) -> Answer {
    guard let name = symbols[symbol], let file = files[name] else {
      return .error(.notFound, "no such symbol")
    }
    return .files(withDependencies(file))
  }

  /// The file first, then all that it imports, directly or not, each once.
  private func withDependencies(_ file: FileDescriptor) -> [[UInt8]] {
    var seen: Set<String> = [file.name]
    var list = [file]
    var next = 0
    while next < list.count {
      for dependency in list[next].dependencies where seen.insert(dependency.name).inserted {
        list.append(dependency)
      }
      next += 1
    }
    return list.map(\.serialized)
  }
}
