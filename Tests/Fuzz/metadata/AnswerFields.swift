internal import FuzzSupport

@testable internal import RPC

/// The header list or trailers of an answer, field by field.
enum AnswerFields {
  static func check(_ input: inout FuzzInput) {
    var fields = ResponseFields()
    while !input.isEmpty {
      guard let field = HeaderField(&input) else { continue }
      field.lend { fields.add($0, $1) }
    }
    let metadata = fields.metadata
    for field in metadata {
      require(!Metadata.isReserved(field.name), "'\(field.name)' is the protocol's")
      guard case .binary(let bytes) = field.value else { continue }
      require(field.name.utf8.suffix(4).elementsEqual("-bin".utf8), "bytes under '\(field.name)'")
      var again = Metadata()
      let isRead = HeaderField(field.name, field.value.wire).lend { _, value in
        again.addWire(name: field.name, value: UnsafeRawBufferPointer(value))
      }
      require(isRead && again.bytes(field.name) == bytes, "bytes do not come back")
    }
    if let outcome = fields.outcome { require(outcome.code != .ok, "an error that is none") }
    if let refusal = fields.refusal { require(refusal.code != .ok, "a refusal that is none") }
    require(fields.takeMetadata() == metadata, "the fields so far are taken")
    require(fields.metadata.isEmpty, "what was taken is gone")
  }
}
