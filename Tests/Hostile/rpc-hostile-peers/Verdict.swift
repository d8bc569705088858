/// How a server held against one attack.
struct Verdict {
  let name: String
  var quiet = HonestCaller.Result()
  var attacked = HonestCaller.Result()
  var growth = 0
  var isAlive = false
  var account = ServerUnderTest.Account()
  /// What the attackers say: `connections=12` and the like.
  private var tally: [String: Int] = [:]
  private(set) var faults: [String] = []
  private var isSlow = false
  private var summary = ""

  init(name: String) { self.name = name }

  /// Whether nothing but the honest caller's time was wrong.
  var isOnlySlow: Bool { isSlow && faults.count == 1 }

  mutating func read(_ line: String) {
    for field in line.split(whereSeparator: \.isWhitespace) {
      let parts = field.split(separator: "=")
      if parts.count == 2 { tally[String(parts[0])] = Int(parts[1]) }
    }
  }

  mutating func judge(_ attack: Attack, floor: Duration, mostGrowth: Int) {
    if !isAlive { faults.append("the server is dead") }
    if growth > mostGrowth { faults.append("grew too much") }
    if tally["connections"] == nil { faults.append("the attackers failed") }
    if attack.endsConnections {
      if tally["outlived", default: 0] > 0 { faults.append("attackers were not ended") }
      if tally["ended"] == 0 { faults.append("nobody was ended") }
    }
    func sum(_ counts: [String: Int]) -> Int {
      attack.defences.reduce(0) { $0 + counts[$1, default: 0] }
    }
    let (counted, logged) = (sum(account.counted), sum(account.logged))
    if counted == 0 { faults.append("not counted") }
    if logged == 0 || logged > counted { faults.append("not logged once each") }
    if quiet.failures + attacked.failures > 0 {
      faults.append("\(attacked.failures) honest calls failed")
    }
    let (before, during) = (quiet.percentile(99), attacked.percentile(99))
    isSlow = during > max(before * 2, floor)
    if isSlow { faults.append("the honest caller waits") }
    summary =
      "\(attack.defences.joined(separator: "+")) counted \(counted) logged \(logged), "
      + "connections \(tally["connections"] ?? 0) ended \(tally["ended"] ?? 0) "
      + "(goaway \(tally["goaways"] ?? 0)) refused \(tally["refused"] ?? 0), "
      + "rss \(growth >= 0 ? "+" : "")\(tenths((growth * 10) >> 20)) MiB, "
      + "p50 \(text(attacked.percentile(50))) was \(text(quiet.percentile(50))), "
      + "p99 \(text(during)) was \(text(before))"
  }

  var line: String {
    let judgement = faults.isEmpty ? "ok" : "FAILED (\(faults.joined(separator: "; ")))"
    return "hostile: \(name) \(judgement): \(summary)"
  }

  private func text(_ duration: Duration) -> String {
    "\(tenths(Int(duration / .microseconds(100)))) ms"
  }

  private func tenths(_ count: Int) -> String { "\(count / 10).\(abs(count % 10))" }
}
