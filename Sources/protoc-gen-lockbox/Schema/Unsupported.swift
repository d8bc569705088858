/// Something in a .proto file that the generated code could not carry.
struct Unsupported: Error, CustomStringConvertible {
  /// The full name of what it is about.
  let subject: String
  let reason: String

  init(_ subject: String, _ reason: String) {
    self.subject = subject
    self.reason = reason
  }

  var description: String { "\(subject): \(reason)" }
}
