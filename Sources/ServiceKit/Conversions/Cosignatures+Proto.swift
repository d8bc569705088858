public import Domain
public import LockboxProto

extension RequiredCosignatures {
  public var message: CommonV1.RequiredCosignatures {
    CommonV1.RequiredCosignatures(count: UInt32(clamping: count), witnesses: witnesses)
  }

  init(_ message: CommonV1.RequiredCosignatures) {
    self.init(count: Int(message.count), witnesses: message.witnesses)
  }
}
