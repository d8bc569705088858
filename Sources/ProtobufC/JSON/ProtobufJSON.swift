internal import CProtobufC

/// Messages as text in the canonical JSON mapping of proto3 (protobuf.dev, "ProtoJSON Format").
///
/// Names are lowerCamelCase, fields at their default are left out, enums are written by name
/// (unknown numbers as numbers), 64-bit integers as strings, bytes in base64, timestamps in
/// RFC 3339, durations in seconds (`3600s`). Fields stand in the order of their numbers.
/// A `google.protobuf.Any` is written as its type URL and its bytes: types are not looked up.
public enum ProtobufJSON {
  /// `pretty` puts each value on a line of its own, indented by two spaces.
  ///
  /// Throws for a string with a NUL inside and for a time that RFC 3339 or a duration that
  /// protobuf cannot express.
  public static func encode(
    _ message: some Message, pretty: Bool = false
  ) throws(EncodingError) -> String {
    let arena = Arena(budget: .max)
    defer { arena.free() }
    var writer = JSONMessageWriter(pretty: pretty)
    try writer.message(try arena.pack(message))
    return writer.text.string
  }
}
