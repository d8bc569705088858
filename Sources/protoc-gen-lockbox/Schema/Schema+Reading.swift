internal import CProtobufC
internal import CStandardProto

extension Schema {
  /// Reads the request. Options that this generator does not know are left alone.
  init(_ request: Google__Protobuf__Compiler__CodeGeneratorRequest) throws(Unsupported) {
    let wanted = Set(
      UnsafeBufferPointer(start: request.file_to_generate, count: request.n_file_to_generate)
        .map(string))
    files = []
    for file in elements(request.proto_file, request.n_proto_file) {
      let isWanted = wanted.contains(string(file.name))
      // Files that are only imported by what the generator itself reads may be proto2.
      guard isWanted || string(file.syntax) == "proto3" else { continue }
      files.append(try ProtoFile(file, isToGenerate: isWanted))
    }
    try References.check(self)
    try Recursion.check(self)
  }
}

extension ProtoFile {
  init(_ file: Google__Protobuf__FileDescriptorProto, isToGenerate: Bool) throws(Unsupported) {
    name = string(file.name)
    package = string(file.package)
    self.isToGenerate = isToGenerate
    guard string(file.syntax) == "proto3" else {
      throw Unsupported(name, "only proto3 is supported")
    }
    guard !package.isEmpty else { throw Unsupported(name, "a package is needed") }
    guard file.n_extension == 0 else { throw Unsupported(name, "extensions are not supported") }
    let comments = Comments(file)
    documentation = comments[[2]]
    dependencies = UnsafeBufferPointer(start: file.dependency, count: file.n_dependency).map(string)
    messages = []
    for (index, message) in elements(file.message_type, file.n_message_type).enumerated() {
      messages.append(
        try MessageType(message, in: package, comments, path: [4, Int32(index)]))
    }
    enums = elements(file.enum_type, file.n_enum_type).enumerated().map {
      [package] index, type in
      EnumType(type, in: package, comments, path: [5, Int32(index)])
    }
    services = []
    for (index, service) in elements(file.service, file.n_service).enumerated() {
      services.append(ServiceType(service, in: package, comments, path: [6, Int32(index)]))
    }
    serialized = Self.serialize(file)
  }

  private static func serialize(_ file: Google__Protobuf__FileDescriptorProto) -> [UInt8] {
    var file = file
    file.source_code_info = nil
    let size = google__protobuf__file_descriptor_proto__get_packed_size(&file)
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = google__protobuf__file_descriptor_proto__pack(&file, buffer.baseAddress)
    }
  }
}

extension EnumType {
  init(
    _ type: Google__Protobuf__EnumDescriptorProto, in scope: String, _ comments: Comments,
    path: [Int32]
  ) {
    name = string(type.name)
    fullName = "\(scope).\(name)"
    documentation = comments[path]
    values = elements(type.value, type.n_value).enumerated().map { index, value in
      Value(
        name: string(value.name), number: value.number,
        documentation: comments[path + [2, Int32(index)]])
    }
  }
}

extension ServiceType {
  init(
    _ service: Google__Protobuf__ServiceDescriptorProto, in package: String, _ comments: Comments,
    path: [Int32]
  ) {
    name = string(service.name)
    fullName = "\(package).\(name)"
    documentation = comments[path]
    methods = elements(service.method, service.n_method).enumerated().map { index, method in
      MethodType(method, documentation: comments[path + [2, Int32(index)]])
    }
  }
}

extension MethodType {
  init(_ method: Google__Protobuf__MethodDescriptorProto, documentation: [String]) {
    name = string(method.name)
    self.documentation = documentation
    request = String(string(method.input_type).dropFirst())
    response = String(string(method.output_type).dropFirst())
    clientStreams = method.client_streaming != 0
    serverStreams = method.server_streaming != 0
    // IdempotencyLevel in descriptor.proto.
    switch method.options?.pointee.idempotency_level.rawValue {
    case 1: idempotency = .noSideEffects
    case 2: idempotency = .idempotent
    default: idempotency = .unknown
    }
  }
}
