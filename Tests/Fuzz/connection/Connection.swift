internal import FuzzSupport

/// HTTP/2 from a hostile client into a server's connection. An input is a list of steps (see
/// `ClientStep`), or the fields of one header list.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(start, count)
  let kind = input.byte() % 8
  guard kind != 2 else {
    RequestFields.check(&input)
    return 0
  }
  let server = FuzzedServer()
  if kind != 0 { server.deliver(ClientStep.preface) }
  var pending: [UInt8] = []
  while !input.isEmpty {
    switch ClientStep(&input) {
    case .bytes(let bytes): pending += bytes
    case .endOfRead:
      server.deliver(pending)
      pending = []
    case .second: server.passSecond()
    case .drain: server.drain()
    }
  }
  server.deliver(pending)
  server.end(received: count)
  return 0
}
