internal import ArgumentParser
internal import ProtobufC

/// How much of a list is wanted.
struct LimitOption: ParsableArguments {
  @Option(help: "How many at most; 0 for all.")
  var limit = 50

  func validate() throws {
    if limit < 0 { throw ValidationError("--limit must be 0 or more.") }
  }

  /// Of pages: the server's largest where more is wanted.
  var pageSize: UInt32 { limit == 0 ? 500 : UInt32(min(limit, 500)) }
}

extension Session {
  /// Fetches pages until there are `limit` items or no more.
  ///
  /// - Parameter page: the items after a page token, and the next token (empty: no more).
  /// - Returns: the items, and whether the server has more.
  func pages<Item>(
    _ limit: LimitOption, _ page: (String) async throws -> (items: [Item], next: String)
  ) async throws -> (items: [Item], more: Bool) {
    var items: [Item] = []
    var token = ""
    while true {
      let (found, next) = try await page(token)
      items += found
      token = next
      if limit.limit > 0 && items.count >= limit.limit {
        let more = items.count > limit.limit || !token.isEmpty
        return (Array(items.prefix(limit.limit)), more)
      }
      if token.isEmpty { return (items, false) }
    }
  }

  func noteMore(_ more: Bool, than count: Int) {
    if more { printer.note("These are the first \(count); --limit 0 lists all.") }
  }
}
