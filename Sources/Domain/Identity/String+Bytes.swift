// Names that issuers give are compared as bytes: Swift's own equality takes é and e + ´ for one
// text, and what is one text must not be two people, nor the other way round.

extension String {
  func isSame(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}

extension Set<String> {
  func holds(_ text: String) -> Bool {
    firstIndex(of: text).map { self[$0].isSame(as: text) } ?? false
  }

  func sharesAny(with others: Set<String>) -> Bool { contains { others.holds($0) } }
}
