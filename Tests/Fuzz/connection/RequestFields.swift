internal import FuzzSupport
internal import NIOEmbedded

@testable internal import RPC

/// The header list of a request, field by field: what HPACK would keep a fuzzer from finding.
enum RequestFields {
  static func check(_ input: inout FuzzInput) {
    let connection = ServerConnection(
      listener: ListenerState(Echo.listener, metrics: nil, logger: Echo.silent),
      executor: LoopExecutor(loop: EmbeddedEventLoop()))
    var fields: [HeaderField] = []
    while !input.isEmpty {
      if let field = HeaderField(&input) { fields.append(field) }
    }
    let head = read(fields, connection)
    let size = fields.reduce(0) { $0 + $1.name.count + $1.value.count + 32 }
    let isTooLarge =
      size > connection.limits.headerListBytes || fields.count > connection.limits.headerFields
    require((head.problem == .tooLarge) == isTooLarge, "\(fields.count) fields of \(size) bytes")
    if let timeout = head.timeout { require(timeout >= .zero, "a negative timeout") }
    if head.verdict == nil { require(!isTooLarge, "a list above the limits is served") }
    let metadata = head.metadata?.metadata ?? Metadata()
    // One `-bin` field may hold several values with commas between them.
    require(metadata.count <= size, "\(metadata.count) values from \(size) bytes")
    for field in metadata {
      require(!Metadata.isReserved(field.name), "'\(field.name)' is the protocol's")
    }
    // The connection remembers lists: the second time nothing may differ.
    let again = read(fields, connection)
    require((again.metadata?.metadata ?? Metadata()) == metadata, "the second list differs")
    require(again.route === head.route && again.verdict == head.verdict, "the second head differs")
  }

  private static func read(_ fields: [HeaderField], _ connection: ServerConnection) -> RequestHead {
    var head = RequestHead()
    connection.heads.begin()
    for field in fields { field.lend { head.add(name: $0, value: $1, in: connection) } }
    head.metadata = connection.heads.metadata()
    return head
  }
}
