internal import FuzzSupport

/// The guard and protobuf-c on every message of the API. An input is: four bytes that choose the
/// message, its bytes.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(start, count)
  Catalogue.shared.entry(for: input.number()).check(input.all())
  return 0
}
