internal import Domain

/// `Sun, 22 Nov 2026 09:00:00 GMT` (RFC 9110 §5.6.7).
struct HTTPDate: CustomStringConvertible {
  private let moment: Timestamp

  init(_ moment: Timestamp) { self.moment = moment }

  private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  var description: String {
    // 2026-11-22T09:00:00…
    let text = Array(moment.description.utf8)
    func part(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }
    let day = Self.days[Int(moment.seconds / 86_400 % 7)]
    let month = Self.months[(Int(part(5..<7)) ?? 1) - 1]
    return "\(day), \(part(8..<10)) \(month) \(part(0..<4)) \(part(11..<19)) GMT"
  }
}
