internal import Domain
internal import ServiceKit

/// What a collector asks of one operation, whatever it came over.
struct ActivityRequest: Sendable {
  /// As the URL has it: an id, or the GUID that stands for it.
  var tenant: String
  var caller: Caller
  /// Decoded names and values.
  var query: [(name: String, value: String)] = []
  var body: [UInt8] = []
  var acceptLanguage: String?

  /// The first value of a parameter; names are compared without case. Nil for an empty one.
  func parameter(_ name: String) -> String? {
    let found = query.first { $0.name.lowercased() == name.lowercased() }
    return found.flatMap { $0.value.isEmpty ? nil : $0.value }
  }
}

/// What it is answered.
struct ActivityAnswer: Sendable {
  /// Nil: an empty body.
  var json: JSONValue?
  /// Where the list goes on.
  var nextPage: String?
}
