internal import ArgumentParser
internal import Glibc
internal import ProtobufC
internal import RPC

/// What the scenario `call` calls.
struct MethodOptions: ParsableArguments {
  @Option(
    help: "Any unary method for the scenario call: package.Service/Method.",
    transform: MethodName.init(parsing:))
  var method: MethodName?
  @Option(
    help: """
      File with its request, as protobuf writes it (protoc --encode, buf convert). Else an empty one.
      """,
    completion: .file())
  var message: String?
  @Option(
    help: "Metadata of these calls, 'NAME: VALUE'; may be repeated.",
    transform: MetadataField.init(parsing:))
  var metadata: [MetadataField] = []

  /// - Parameter isCalled: whether the scenario is among those of the run.
  func check(isCalled: Bool) throws {
    if isCalled && method == nil {
      throw ValidationError("--scenario call needs a method: give --method package.Service/Method.")
    }
    let isGiven = method != nil || message != nil || !metadata.isEmpty
    if !isCalled && isGiven {
      throw ValidationError(
        "--method, --message and --metadata are for any method: give --scenario call as well.")
    }
    if let problem = fields.problem { throw ValidationError("--metadata: \(problem).") }
    _ = try request()
  }

  var fields: Metadata {
    var fields = Metadata()
    for field in metadata { fields.add(field.value, for: field.name) }
    return fields
  }

  func request() throws -> RawMessage {
    guard let message else { return RawMessage() }
    guard let file = fopen(message, "r") else {
      throw ValidationError("\(message) cannot be read: \(String(cString: strerror(errno))).")
    }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: Self.longest + 1)
    let count = fread(&bytes, 1, bytes.count, file)
    guard count <= Self.longest, let raw = RawMessage(Array(bytes[..<count])) else {
      throw ValidationError(
        "\(message) holds no protobuf message of at most 4 MiB: make one with protoc --encode.")
    }
    return raw
  }

  /// What gRPC servers take at most.
  private static let longest = 4 << 20
}

/// The full name of a method.
struct MethodName: Hashable, Sendable {
  let service: String
  let name: String

  init(parsing text: String) throws(ValidationError) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: true)
    guard parts.count == 2 else {
      throw ValidationError("write a method as package.Service/Method.")
    }
    service = String(parts[0])
    name = String(parts[1])
  }

  var method: Method<RawMessage, RawMessage> {
    Method(service: service, name: name, kind: .unary, idempotency: .unknown)
  }
}

/// One field of metadata.
struct MetadataField: Hashable, Sendable {
  let name: String
  let value: String

  init(parsing text: String) throws(ValidationError) {
    guard let colon = text.firstIndex(of: ":"), colon > text.startIndex else {
      throw ValidationError("write metadata as 'NAME: VALUE'.")
    }
    name = text[..<colon].lowercased()
    value = String(text[text.index(after: colon)...].drop { $0 == " " })
  }
}
