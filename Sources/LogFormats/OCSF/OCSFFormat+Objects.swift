internal import ProtobufC

/// The objects in OCSF's events.
extension OCSFFormat {
  static func actor(_ record: EntryRecord) -> JSONObject {
    var actor = JSONObject()
    if let party = record.actor {
      actor.add("user", user(party, record.actorRole == "service" ? .service : .person))
    } else {
      // The system by itself.
      actor.add("app_name", "lockbox")
    }
    return actor
  }

  /// Whose privileges change. An event that ends a grant names the grant alone: then it is unknown
  /// here, and `metadata.correlation_uid` leads to the event that says it.
  static func user(_ record: EntryRecord) -> JSONObject {
    if let engineer = record.engineer { return user(engineer, .person) }
    if record.actorRole == "engineer", let actor = record.actor { return user(actor, .person) }
    var user = JSONObject()
    user.add("name", "Unknown")
    user.add("type_id", number: UserType.unknown.rawValue)
    user.add("type", UserType.unknown.name)
    return user
  }

  enum UserType: Int {
    case unknown = 0
    case person = 1
    case service = 4

    var name: String {
      switch self {
      case .unknown: "Unknown"
      case .person: "User"
      case .service: "Service"
      }
    }
  }

  private static func user(_ party: Party, _ type: UserType) -> JSONObject {
    var user = JSONObject()
    user.add("uid", party.id)
    user.add("name", party.id)
    user.add("full_name", party.name)
    user.add("domain", party.issuer)
    user.add("type_id", number: type.rawValue)
    user.add("type", type.name)
    return user
  }

  /// The grant itself, and what it allows where the event says it.
  static func privileges(_ record: EntryRecord) -> [String] {
    (record.grantID.isEmpty ? [] : ["grants/\(record.grantID)"]) + record.actions
  }

  static func resource(_ name: String, _ workload: String) -> JSONObject {
    var resource = JSONObject()
    resource.add("name", name)
    resource.add("type", workload)
    return resource
  }

  static func entity(_ kind: OCSFActivity.Entity, of record: EntryRecord) -> JSONObject {
    let uid = uid(of: kind, record)
    var entity = JSONObject()
    entity.add("uid", uid)
    entity.add("name", uid ?? kind.rawValue)
    if kind == .policy {
      entity.add("type_id", number: 5)
      var policy = JSONObject()
      policy.add("name", uid ?? kind.rawValue)
      entity.add("policy", policy)
    } else {
      entity.add("type_id", number: 99)
    }
    entity.add("type", kind.rawValue)
    return entity
  }

  private static func uid(of kind: OCSFActivity.Entity, _ record: EntryRecord) -> String? {
    let payload = record.payload
    let uid: String? =
      switch kind {
      case .accessRequest: record.requestID
      case .tenantSettings: payload["settings"]?["tenantId"]?.text ?? record.tenant
      case .policy: record.workload
      case .approverKey: payload["key"]?["keyId"]?.text
      case .absence: payload["absence"]?["person"]?.text
      case .person: payload["person"]?["personId"]?.text
      case .signingKey: payload["keyId"]?.text
      case .destination:
        (payload["destination"]?["destinationId"] ?? payload["destinationId"])?.text
      case .subscription: payload["contentType"]?.text
      case .channel: (payload["channel"]?["channelId"] ?? payload["channelId"])?.text
      case .notice: payload["notice"]?["noticeId"]?.text
      }
    return uid.flatMap { $0.isEmpty ? nil : $0 }
  }
}
