/// Finds what somebody probably meant to write.
enum NearestWord {
  /// The candidate with the smallest edit distance, if it is near enough to be meant.
  static func to(_ word: String, among candidates: [String]) -> String? {
    let distances = candidates.map { (word: $0, distance: distance(word, $0)) }
    guard let best = distances.min(by: { $0.distance < $1.distance }),
      best.distance <= max(2, word.utf8.count / 3)
    else { return nil }
    return best.word
  }

  /// Levenshtein's distance over bytes.
  private static func distance(_ left: String, _ right: String) -> Int {
    let right = Array(right.utf8)
    var row = Array(0...right.count)
    for (i, a) in left.utf8.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in right.enumerated() {
        let substituted = diagonal + (a == b ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substituted, diagonal + 1, row[j] + 1)
      }
    }
    return row[right.count]
  }
}
