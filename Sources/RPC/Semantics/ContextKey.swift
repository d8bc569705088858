/// Names a value that an interceptor hands on with the context of a call.
///
/// ```swift
/// enum CallerKey: ContextKey { typealias Value = Caller }
/// ```
public protocol ContextKey: Sendable {
  associatedtype Value: Sendable
}
