internal import CProtobufC
internal import CStandardProto

/// What protoc is told: the files to write, or why there are none.
enum Response {
  case files([GeneratedFile])
  case error(String)

  /// The CodeGeneratorResponse's bytes, packed by protobuf-c.
  func serialized() -> [UInt8] {
    // The process ends after its one response: what is copied for it is not freed.
    var response = Google__Protobuf__Compiler__CodeGeneratorResponse()
    google__protobuf__compiler__code_generator_response__init(&response)
    switch self {
    case .error(let message):
      response.error = copy(message)
    case .files(let files):
      let entries = UnsafeMutablePointer<
        UnsafeMutablePointer<Google__Protobuf__Compiler__CodeGeneratorResponse__File>?
      >.allocate(capacity: files.count)
      for (index, file) in files.enumerated() {
        let entry = UnsafeMutablePointer<
          Google__Protobuf__Compiler__CodeGeneratorResponse__File
        >.allocate(capacity: 1)
        google__protobuf__compiler__code_generator_response__file__init(entry)
        entry.pointee.name = copy(file.name)
        entry.pointee.content = copy(file.content)
        (entries + index).initialize(to: entry)
      }
      response.n_file = files.count
      response.file = entries
    }
    let size = google__protobuf__compiler__code_generator_response__get_packed_size(&response)
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = google__protobuf__compiler__code_generator_response__pack(
        &response, buffer.baseAddress)
    }
  }

  private func copy(_ text: String) -> UnsafeMutablePointer<CChar> {
    let bytes = text.utf8CString
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
    for (index, byte) in bytes.enumerated() {
      (copy + index).initialize(to: byte)
    }
    return copy
  }
}

/// One file of the output.
struct GeneratedFile {
  /// Relative to the output directory.
  let name: String
  let content: String
}
