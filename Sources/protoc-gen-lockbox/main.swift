internal import CProtobufC
internal import CStandardProto

// The plugin of protoc that writes the Swift code: a CodeGeneratorRequest comes on standard input,
// a CodeGeneratorResponse goes to standard output. With the parameter `schema` it is the JSON Schema
// of settings instead. A proto that cannot be supported is told to
// protoc in the response; only a request that cannot be read ends the plugin itself with an error.

let request = StandardStream.readAll()
guard
  let unpacked = google__protobuf__compiler__code_generator_request__unpack(
    nil, request.count, request)
else {
  StandardStream.fail("protoc-gen-lockbox: standard input holds no CodeGeneratorRequest")
}
defer { google__protobuf__compiler__code_generator_request__free_unpacked(unpacked, nil) }

let response: Response
do throws(Unsupported) {
  let schema = try Schema(unpacked.pointee)
  if string(unpacked.pointee.parameter) == "schema" {
    response = .files([try JSONSchemaWriter(schema).file()])
  } else {
    response = .files(schema.filesToGenerate.isEmpty ? [] : Generator(schema).files())
  }
} catch {
  response = .error(error.description)
}
StandardStream.write(response.serialized())
