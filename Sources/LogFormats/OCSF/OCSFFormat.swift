internal import Domain
internal import ProtobufC

/// Open Cybersecurity Schema Framework 1.6.0: classes of Identity & Access Management.
enum OCSFFormat {
  static let version = "1.6.0"

  static func line(_ record: EntryRecord) -> String { object(record).tree.jsonLine }

  static func object(_ record: EntryRecord) -> JSONObject {
    let meaning = record.meaning
    let ocsf = meaning.ocsf
    var object = JSONObject()
    object.add("class_uid", number: ocsf.classUID)
    object.add("class_name", ocsf.className)
    object.add("category_uid", number: ocsf.category.uid)
    object.add("category_name", ocsf.category.name)
    object.add("activity_id", number: ocsf.activity.id)
    object.add("activity_name", ocsf.activity.name)
    object.add("type_uid", number: ocsf.typeUID)
    object.add("type_name", "\(ocsf.className): \(ocsf.activity.name)")
    object.add("severity_id", number: meaning.level.rawValue)
    object.add("severity", meaning.level.name)
    // What stands in the log has happened.
    object.add("status_id", number: 1)
    object.add("status", "Success")
    object.add("time", number: milliseconds(record.time))
    object.add("message", record.sentence)
    object.add("metadata", metadata(record))
    add(ocsf, of: record, to: &object)
    object.add("unmapped", unmapped(record))
    return object
  }

  /// Milliseconds since the epoch, OCSF's `timestamp_t`.
  static func milliseconds(_ time: Timestamp) -> Int64 { time.nanoseconds / 1_000_000 }

  private static func metadata(_ record: EntryRecord) -> JSONObject {
    var product = JSONObject()
    product.add("name", "Lockbox")
    product.add("vendor_name", "Lockbox")
    var metadata = JSONObject()
    metadata.add("version", version)
    metadata.add("product", product)
    metadata.add("uid", record.eventID)
    metadata.add("event_code", record.kind)
    metadata.add("correlation_uid", record.requestID)
    metadata.add("tenant_uid", record.tenant)
    metadata.add("log_provider", "lockbox-audit")
    metadata.add("log_name", record.tenant.isEmpty ? "provider" : record.tenant)
    // `integer_t` has 32 bits.
    if let sequence = Int32(exactly: record.index) { metadata.add("sequence", number: sequence) }
    metadata.add("original_time", record.timeText)
    return metadata
  }

  /// What the class has of its own, besides who acted. The base class has neither.
  private static func add(
    _ activity: OCSFActivity, of record: EntryRecord, to object: inout JSONObject
  ) {
    switch activity {
    case .create(let kind), .update(let kind), .delete(let kind):
      object.add("actor", actor(record))
      object.add("entity", entity(kind, of: record))
      object.add("comment", record.comment)
    case .assignPrivileges, .revokePrivileges:
      object.add("actor", actor(record))
      object.add("user", user(record))
      object.add("privileges", list: JSONObject.texts(privileges(record)))
      object.add("resources", list: record.resources.map { resource($0, record.workload).tree })
    case .authorizeSession:
      object.add("actor", actor(record))
      object.add("user", user(record))
      object.add("privileges", list: JSONObject.texts(privileges(record)))
      var session = JSONObject()
      session.add("uid", record.tokenID)
      if let end = record.payload["expireTime"]?.text.flatMap({ Timestamp(rfc3339: $0) }) {
        session.add("expiration_time", number: milliseconds(end))
      }
      object.add("session", session)
    case .other:
      break
    }
  }

  /// The rest of the event, word for word.
  private static func unmapped(_ record: EntryRecord) -> JSONObject {
    var unmapped = JSONObject()
    unmapped.add("index", "\(record.index)")
    unmapped.add("feed", record.tree["feed"])
    unmapped.add("feedSequence", record.tree["sequence"])
    unmapped.add("actorRole", record.actorRole)
    unmapped.add("authentication", record.authentication)
    unmapped.add("trace", record.tree["trace"])
    unmapped.add("payload", record.payload)
    return unmapped
  }
}
