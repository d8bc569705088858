internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import TestKit

@testable internal import Approvals

extension BadInput {
  /// Bytes that protobuf-c never sees.
  static let byteRows: [BadInput] = [
    .bytes("NUL within a string", field: "request_id") { try await decide($0, [0x0A, 1, 0]) },
    .bytes("a string that is no UTF-8", field: "comment") {
      try await decide($0, [0x1A, 2, 0xC3, 0x28])
    },
    .bytes("an enum value that is unknown", field: "verdict") { try await decide($0, [0x10, 99]) },
    .bytes("a singular field twice", field: "request_id") {
      try await decide($0, [0x0A, 1, 0x41, 0x0A, 1, 0x42])
    },
    .bytes("more fields than any request has", field: "") { world in
      // Field 100, unknown, of 3 bytes.
      try await decide(world, Array(repeatElement([0xA0, 0x06, 1], count: 4_097).joined()))
    },
    .bytes("a length beyond the message's end", field: "request_id") {
      try await decide($0, [0x0A, 5, 0x41])
    },
    .bytes("a wrong wire type", field: "request_id") { try await decide($0, [0x08, 1]) },
    .bytes("a group", field: "") { try await decide($0, [0xA3, 0x06, 0xA4, 0x06]) },
    .bytes("a number that is too long", field: "stage") { world in
      try await decide(world, [0x28] + [UInt8](repeating: 0xFF, count: 11))
    },
    .bytes("a field number of nothing", field: "") { try await decide($0, [0x00, 0x00]) },
    .bytes("an unknown action deep within", field: "scope.actions[0]") { world in
      try await world.rawIntake.call(
        IntakeV1.IntakeService.submitAccessRequest.path, [0x3A, 3, 0x12, 1, 99],
        options: world.approvals.engineer())
    },
  ]

  private static func decide(_ world: BadInputWorld, _ message: [UInt8]) async throws {
    try await world.rawApprovals.call(
      ApprovalsV1.ApprovalsService.decideAccessRequest.path, message,
      options: world.approvals.manager())
  }
}

extension BadInputWorld {
  var rawApprovals: RawCaller {
    RawCaller(
      installation: approvals.installation, address: approvals.service.addresses.people,
      peer: .approvals)
  }

  var rawIntake: RawCaller {
    RawCaller(
      installation: approvals.installation, address: intakeAddress, peer: .intake)
  }
}
