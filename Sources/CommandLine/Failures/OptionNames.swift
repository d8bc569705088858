/// What the fields of the API are called on the command line.
enum OptionNames {
  private static let options = [
    "idempotency_key": "--idempotency-key", "tenant_id": "--tenant", "workload": "--workload",
    "reason_code": "--reason", "justification": "--justification", "ticket": "--ticket",
    "scope.resources": "--resource", "scope.actions": "--action", "duration": "--duration",
    "comment": "--comment",
  ]

  /// The field's path, with the option that sets it where there is one.
  static func naming(_ field: String) -> String {
    let plain = field.prefix { $0 != "[" }
    return options[String(plain)].map { "\($0) (\(field))" } ?? field
  }
}
