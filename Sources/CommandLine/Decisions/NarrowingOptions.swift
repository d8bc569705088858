internal import ArgumentParser
internal import Domain
internal import LockboxProto
internal import StandardProto

/// How an approval gives less than stands.
struct NarrowingOptions: ParsableArguments {
  @Option(
    name: .customLong("only"), parsing: .singleValue,
    help: "Only this resource, asked for or below one asked for; may be repeated.")
  var resources: [String] = []
  @Option(
    name: .customLong("action"), parsing: .singleValue, help: "Only this action; may be repeated.")
  var actions: [ActionArgument] = []
  @Option(name: .customLong("for"), help: "At most for so long, such as 30m.")
  var duration: TimeSpan?
  @Option(name: .customLong("from"), help: "Not before this moment (RFC 3339).")
  var start: Timestamp?

  /// The whole terms to approve: those that stand, with what was named in their place. Nil when
  /// nothing was named.
  func terms(within standing: CommonV1.Terms?) -> CommonV1.Terms? {
    guard !resources.isEmpty || !actions.isEmpty || duration != nil || start != nil else {
      return nil
    }
    var terms = standing ?? .init()
    var scope = terms.scope ?? .init()
    if !resources.isEmpty { scope.resources = resources }
    if !actions.isEmpty { scope.actions = actions.map(\.action) }
    terms.scope = scope
    if let duration { terms.duration = .init(duration.duration) }
    if let start { terms.startTime = .init(nanosecondsSinceEpoch: start.nanoseconds) }
    return terms
  }
}
