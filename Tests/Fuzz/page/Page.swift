internal import Domain
internal import FuzzSupport
internal import ServiceKit
internal import Storage

/// Page tokens, which come back from callers. The first byte says whether the rest is a token or
/// the key of one.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(start, count)
  if input.byte() % 2 == 0 {
    foreign(String(decoding: input.all(), as: UTF8.self))
  } else {
    own(input.number(), key: input.all())
  }
  return 0
}

private let query = ["ListAccessRequests", "acme", ""]

/// A made-up token is refused, or is the one text of a position.
private func foreign(_ token: String) {
  let request: PageRequest
  do {
    request = try PageRequest(size: 0, token: token, query: query)
  } catch {
    return require(error is PageToken.Failure, "a token is refused with \(error)")
  }
  require(request.size == Limits.defaultPageSize, "the size is \(request.size)")
  guard let key = request.after else { return require(token.isEmpty, "a token without a key") }
  require(!key.isEmpty && token.utf8.count <= PageToken.maxLength, "a token of \(key.count) bytes")
  let bytes = query.map { Array($0.utf8) }
  require(
    PageToken.encode(key: key, query: bytes).utf8.elementsEqual(token.utf8),
    "'\(token)' is a second text of a position")
  require(
    (try? PageRequest(size: 0, token: token, query: query.reversed())) == nil,
    "a token is good for another list")
  // Whatever a position says, it is an id or none.
  if let id = RequestID(pageKey: key) { require(id.pageKey == key, "an id of another spelling") }
}

/// A token of ours leads back to its key; sizes are taken within the limits only.
private func own(_ size: UInt32, key: [UInt8]) {
  guard let request = try? PageRequest(size: size, token: "", query: query) else {
    return require(!Limits.pageSize.contains(Int(size)) && size != 0, "\(size) is refused")
  }
  require(Limits.pageSize.contains(request.size), "a page of \(request.size)")
  guard (1...300).contains(key.count) else { return }
  let elements = Array(repeating: key, count: request.size + 1)
  let (page, token) = request.cut(elements) { $0 }
  require(page.count == request.size, "a page of \(page.count)")
  let next = requireSuccess("the next page's token is good") {
    try PageRequest(size: size, token: token, query: query)
  }
  require(next.after == key, "the next page begins elsewhere")
}
