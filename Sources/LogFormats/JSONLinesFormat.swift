internal import ProtobufC

/// The entry as JSON: its place in the log, its kind, and its event in ProtoJSON.
enum JSONLinesFormat {
  static func line(_ record: EntryRecord) -> String { object(record).tree.jsonLine }

  static func object(_ record: EntryRecord) -> JSONObject {
    var object = JSONObject()
    // 64-bit numbers are texts in ProtoJSON, since many readers of JSON keep 53 bits.
    object.add("index", "\(record.index)")
    object.add("kind", record.kind)
    object.add("title", record.meaning.title)
    object.add("event", record.tree)
    return object
  }
}
