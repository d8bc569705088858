internal import Domain
internal import ServiceKit
internal import StrictJSON

/// Reads what a collector says of its webhook when it starts a subscription.
enum WebhookTarget {
  /// `Webhook-AuthID` is a header field.
  static let longestAuthID = 512

  /// - Returns: nil where the body names no webhook.
  /// - Throws: what is wrong with it.
  static func parse(
    _ body: [UInt8], now: Timestamp
  ) throws(ActivityError) -> Webhook.Target? {
    // Collectors send nothing, white space, or an object without a webhook.
    guard body.contains(where: { $0 > 0x20 }) else { return nil }
    guard let json = try? JsonParser.parse(body), case .object = json else {
      throw .parameterType("body", expected: "JSON object")
    }
    switch json["webhook"] {
    case nil, .null: return nil
    case .object?: break
    default: throw .parameterType("webhook", expected: "object")
    }
    guard let text = try string(json, "address"), !text.isEmpty else {
      throw .parameterMissing("webhook.address")
    }
    guard let address = HTTPSURL(text) else {
      throw .webhookNotValidated(text, reason: "The address is not an HTTPS URL.")
    }
    let authID = try string(json, "authId").flatMap { $0.isEmpty ? nil : $0 }
    if let authID {
      guard authID.utf8.count <= longestAuthID,
        authID.utf8.allSatisfy({ (0x20...0x7e).contains($0) })
      else { throw .parameterType("webhook.authId", expected: "printable ASCII") }
    }
    return Webhook.Target(
      address: address, authID: authID, expiration: try expiration(json, now: now))
  }

  private static func expiration(
    _ json: Json, now: Timestamp
  ) throws(ActivityError) -> Timestamp? {
    guard let text = try string(json, "expiration"), !text.isEmpty else { return nil }
    guard let time = Timestamp(activity: text) else {
      throw .parameterType("webhook.expiration", expected: "datetime")
    }
    guard time > now else { throw .expirationPast(text) }
    return time
  }

  private static func string(_ json: Json, _ name: String) throws(ActivityError) -> String? {
    switch json["webhook"]?[name] {
    case nil, .null: return nil
    case .string(let text): return text
    default: throw .parameterType("webhook.\(name)", expected: "string")
    }
  }
}

extension HTTPSURL {
  /// For logs: a query may hold secrets.
  var withoutQuery: String { String(description.prefix { $0 != "?" }) }
}
