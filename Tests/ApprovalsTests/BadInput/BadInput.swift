internal import Domain
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import Testing

@testable internal import Approvals

/// One row of the table of bad input: what is sent, and what comes back.
struct BadInput: Sendable {
  typealias Send = @Sendable (BadInputWorld) async throws -> Void

  let name: String
  let code: StatusCode
  var reason: String?
  /// The state that a refusal tells of.
  var state: String?
  /// Of every violation.
  var fields: Set<String> = []
  /// All that is said, where the answer must betray nothing: no detail may stand beside it.
  var only: String?
  let send: Send

  /// Fields that are wrong, all named at once.
  static func fields(_ name: String, _ fields: Set<String>, _ send: @escaping Send) -> BadInput {
    BadInput(
      name: name, code: .invalidArgument, reason: "INVALID_FIELDS", fields: fields, send: send)
  }

  /// Missing and foreign alike.
  static func missing(_ kind: String, _ name: String, _ send: @escaping Send) -> BadInput {
    BadInput(name: name, code: .notFound, only: "no such \(kind)", send: send)
  }

  static func denied(_ name: String, _ send: @escaping Send) -> BadInput {
    BadInput(name: name, code: .permissionDenied, only: "permission denied", send: send)
  }

  static func unauthenticated(_ name: String, _ send: @escaping Send) -> BadInput {
    BadInput(
      name: name, code: .unauthenticated, only: "a valid bearer token is needed", send: send)
  }

  static func refused(
    _ name: String, _ reason: String, state: String? = nil,
    code: StatusCode = .failedPrecondition, _ send: @escaping Send
  ) -> BadInput {
    BadInput(name: name, code: code, reason: reason, state: state, send: send)
  }

  /// Bytes that are no message of the method.
  static func bytes(_ name: String, field: String, _ send: @escaping Send) -> BadInput {
    BadInput(name: name, code: .invalidArgument, fields: [field], send: send)
  }

  func check(in world: BadInputWorld) async {
    do {
      try await send(world)
      Issue.record("\(name): was accepted")
    } catch let error as RPCError {
      #expect(error.code == code, "\(name)")
      #expect(error.reason == reason, "\(name)")
      #expect(Set(error.fieldViolations.map(\.field)) == fields, "\(name)")
      if let only { #expect(error.message == only && error.details.isEmpty, "\(name)") }
      var told: [String?] = []
      for case .errorInfo(_, _, let metadata) in error.details { told.append(metadata["state"]) }
      if let state { #expect(told == [state], "\(name)") }
    } catch {
      Issue.record("\(name): \(error)")
    }
  }
}
