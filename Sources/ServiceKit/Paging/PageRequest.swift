public import Domain
internal import Storage

/// Which page of a list a caller wants.
public struct PageRequest: Hashable, Sendable {
  /// Elements on the page at most.
  public let size: Int
  /// The last key of the page before; nil for the first page.
  public let after: [UInt8]?
  private let query: [[UInt8]]

  /// - Parameters:
  ///   - size: 0 means `Limits.defaultPageSize`; above `Limits.pageSize` is a violation.
  ///   - token: `next_page_token` of the page before; empty for the first page.
  ///   - query: All that the list depends on, the caller's own view too: a token of another query
  ///     is refused.
  /// - Throws: `Violation` of `page_size`, `PageToken.Failure`.
  public init(size: UInt32, token: String, query: [String]) throws {
    guard size == 0 || Limits.pageSize.contains(Int(size)) else {
      throw Violation(
        field: "page_size",
        problem: "must be between \(Limits.pageSize.lowerBound) and \(Limits.pageSize.upperBound)")
    }
    self.size = size == 0 ? Limits.defaultPageSize : Int(size)
    self.query = query.map { Array($0.utf8) }
    after = token.isEmpty ? nil : try PageToken.decode(token, query: self.query)
  }

  /// Cuts what was read with `size + 1` as the limit to the page, and names the next page.
  public func cut<Element>(
    _ elements: [Element], key: (Element) -> [UInt8]
  ) -> (page: [Element], nextToken: String) {
    guard elements.count > size else { return (elements, "") }
    let page = Array(elements.prefix(size))
    return (page, page.last.map { PageToken.encode(key: key($0), query: query) } ?? "")
  }
}

extension ID {
  /// The id as a page's key.
  public var pageKey: [UInt8] { Array(description.utf8) }

  /// Nil for a key that is none.
  public init?(pageKey: [UInt8]) {
    guard let text = String(validating: pageKey, as: UTF8.self) else { return nil }
    self.init(text)
  }
}
