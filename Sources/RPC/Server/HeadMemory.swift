/// What one connection remembers of the header lists it received: calls of one client are alike, so
/// that most need no look-up and no copy of their own.
///
/// Confined to the connection's event loop.
final class HeadMemory {
  private let routes: RouteTable
  /// Collects the application's fields of the list being received.
  let block = FieldBlock()
  @exclusivity(unchecked) private var recentRoute: Route?
  @exclusivity(unchecked) private var recentMetadata: ReceivedMetadata?

  init(routes: RouteTable) {
    self.routes = routes
  }

  /// A new header list begins.
  func begin() {
    block.removeAll()
  }

  func route(_ path: UnsafeBufferPointer<UInt8>) -> Route? {
    if let recentRoute, recentRoute.hasPath(path) { return recentRoute }
    let route = routes[path]
    if let route { recentRoute = route }
    return route
  }

  /// The application's fields of the list just received; nil without any.
  func metadata() -> ReceivedMetadata? {
    guard !block.isEmpty else { return nil }
    if let recentMetadata, recentMetadata.holds(block) { return recentMetadata }
    let metadata = ReceivedMetadata(block)
    recentMetadata = metadata
    return metadata
  }
}
