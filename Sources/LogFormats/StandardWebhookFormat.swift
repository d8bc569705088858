/// The payload that Standard Webhooks 1.0.0 recommends: `type`, `timestamp`, `data`.
public enum StandardWebhookFormat {
  public static func body(_ record: EntryRecord) -> String {
    var object = JSONObject()
    object.add("type", CloudEventFormat.type(of: record))
    object.add("timestamp", record.timeText)
    object.add("data", JSONLinesFormat.object(record))
    return object.tree.jsonLine
  }
}
