// protobuf-c.h is in all of them, and any may be taken for where it is defined.
internal import CLockboxProto
internal import CProtobufC
internal import CStandardProto
internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import Testing

@testable internal import ProtobufC

/// What a caller gets, to the byte: messages, status, words, details, metadata and trailers.
enum Answer: Hashable, Sendable {
  case message([UInt8], Metadata, trailers: Metadata)
  case refusal(RPCError)
}

/// Names of one request and what belongs to it.
struct Ids: Sendable {
  let tenant: String
  let request: String
  let grant: String
  let digest: [UInt8]
  /// Of an approver's key of the same tenant.
  let key: [UInt8]
  /// An access token of the grant.
  let token: String
  /// Of a request of the asking tenant's own.
  let own: String
  let ownDigest: [UInt8]
}

/// A method asked once for a thing of somebody else's and once for one that is not.
struct Probe: Sendable, CustomTestStringConvertible {
  let path: String
  /// The request in JSON: what it names.
  let text: @Sendable (Ids) throws -> String
  let ask: @Sendable (Lockbox, Ids) async throws -> Answer

  var testDescription: String { path }

  static func unary<Request, Response>(
    _ service: ServiceName, _ method: Method<Request, Response>,
    _ person: @escaping @Sendable (Cast) -> Person,
    _ request: @escaping @Sendable (Ids) -> Request
  ) -> Probe {
    Probe(path: method.path, text: { try ProtobufJSON.encode(request($0)) }) { lockbox, ids in
      try await answer(
        lockbox.client(service), method, request(ids), as: person(lockbox.cast))
    }
  }

  static func stream<Request, Response>(
    _ service: ServiceName, _ method: Method<Request, Response>,
    _ person: @escaping @Sendable (Cast) -> Person,
    _ request: @escaping @Sendable (Ids) -> Request
  ) -> Probe {
    Probe(path: method.path, text: { try ProtobufJSON.encode(request($0)) }) { lockbox, ids in
      var options = person(lockbox.cast).options
      options.timeout = .seconds(1)
      let responses = lockbox.client(service).serverStreaming(
        method, request(ids), options: options)
      do throws(RPCError) {
        for try await response in responses {
          return .message(try Answer.bytes(of: response), [:], trailers: [:])
        }
        return .message([], [:], trailers: responses.trailers ?? [:])
      } catch {
        return .refusal(error)
      }
    }
  }

  static func answer<Request, Response>(
    _ client: RPCClient, _ method: Method<Request, Response>, _ request: Request, as person: Person
  ) async throws -> Answer {
    do throws(RPCError) {
      let response = try await client.unaryResponse(method, request, options: person.options)
      return .message(
        try Answer.bytes(of: response.message), response.metadata, trailers: response.trailers)
    } catch {
      return .refusal(error)
    }
  }
}

extension Answer {
  fileprivate static func bytes(of message: some Message) throws(RPCError) -> [UInt8] {
    do {
      return try message.serialized()
    } catch {
      throw RPCError(.internal, "\(error)")
    }
  }
}

extension MessageDescriptor {
  /// The fields, nested ones too, that name something of somebody's: ids, page tokens, keys.
  var namingFields: Set<String> { Self.namingFields(of: pointer, path: "") }

  private static func namingFields(
    of type: UnsafePointer<ProtobufCMessageDescriptor>, path: String
  ) -> Set<String> {
    var found: Set<String> = []
    for field in UnsafeBufferPointer(start: type.pointee.fields, count: Int(type.pointee.n_fields))
    {
      let name = String(cString: field.name)
      if field.type == PROTOBUF_C_TYPE_MESSAGE {
        let nested = field.descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)
        found.formUnion(namingFields(of: nested, path: path + name + "."))
      } else if ["_id", "_ids", "_token", "_key", "_keys"].contains(where: name.hasSuffix) {
        found.insert(path + name)
      }
    }
    return found
  }
}
