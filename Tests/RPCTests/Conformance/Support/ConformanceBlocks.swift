internal import RawHTTP2

/// Header blocks that most cases share.
let get = HeaderBlock.request("GET")
let post = HeaderBlock.request("POST")

/// Fields that nobody knows, 4,000 bytes each.
func dummy(_ count: Int) -> [UInt8] {
  (0..<count).flatMap {
    HeaderBlock.literal("x-dummy\($0)", String(repeating: "x", count: 4000))
  }
}

/// `x-test: ok` and the like.
func field(_ name: String, _ value: String) -> [UInt8] {
  HeaderBlock.literal(name, value)
}
