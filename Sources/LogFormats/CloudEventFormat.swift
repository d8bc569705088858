internal import ProtobufC

/// CloudEvents 1.0.2, in JSON (structured mode) or in HTTP fields (binary mode).
public struct CloudEventFormat: Sendable {
  public static let structuredType = "application/cloudevents+json"

  private let attributes: [(name: String, value: String)]
  private let data: ValueTree

  public init(_ record: EntryRecord) {
    let log = record.tenant.isEmpty ? "provider" : "tenants/\(record.tenant)"
    var attributes = [
      ("specversion", "1.0"), ("id", record.eventID), ("source", "/lockbox/\(log)/log"),
      ("type", Self.type(of: record)), ("subject", record.requestID), ("time", record.timeText),
    ]
    attributes += [
      // Extensions: "sequence" orders as text, hence of one width; "distributed tracing".
      ("sequence", Self.padded(record.index)), ("traceparent", record.traceparent),
    ]
    self.attributes = attributes.filter { !$0.1.isEmpty }
    data = JSONLinesFormat.object(record).tree
  }

  /// Fits Standard Webhooks too: `[a-zA-Z0-9_.]`.
  public static func type(of record: EntryRecord) -> String { "lockbox.event.v1.\(record.kind)" }

  /// One object of JSON, with the attributes and the data.
  public var structured: String {
    var object = JSONObject()
    for attribute in attributes { object.add(attribute.name, attribute.value) }
    object.add("datacontenttype", "application/json")
    object.add("data", data)
    return object.tree.jsonLine
  }

  /// The fields of an HTTP request whose body is `body`; without `content-type`.
  public var fields: [(name: String, value: String)] {
    attributes.map { ("ce-" + $0.name, Self.escaped($0.value)) }
  }

  public var body: String { data.jsonLine }

  /// HTTP Protocol Binding §3.1.3.2: space, `"`, `%` and what is no printable ASCII, in percents.
  static func escaped(_ value: String) -> String {
    var text = ""
    for byte in value.utf8 {
      if (0x21...0x7e).contains(byte), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "%") {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        text += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return text
  }

  private static func padded(_ index: UInt64) -> String {
    let digits = "\(index)"
    return String(repeating: "0", count: 20 - digits.count) + digits
  }
}
