internal import Glibc

/// `decision-bench [<tenants> [<requests a round> [<rounds>]]]`: what a decision costs approvals
/// with one tenant and with many (10,000), each with 20 approvers, side by side: both installations
/// run at the same time and are put under load in turns.
///
/// Needs lockbox-intake and lockbox-approvals beside it; keeps its data in $TMPDIR.
@main
struct DecisionBench {
  static func main() async {
    let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
    let many = numbers.first ?? 10_000
    let count = numbers.dropFirst().first ?? 2_000
    let rounds = numbers.dropFirst(2).first ?? 7
    do {
      let one = try await Installation(tenants: 1)
      say(try await one.prepare())
      let other = try await Installation(tenants: many)
      say(try await other.prepare())
      // What is warmed up is not measured.
      for installation in [one, other] { _ = try await installation.decide(count) }
      var measured: [[Round]] = [[], []]
      for round in 0..<rounds {
        // Who comes first changes, so that neither always follows the other.
        let order = round.isMultiple(of: 2) ? [0, 1] : [1, 0]
        for index in order {
          measured[index].append(try await [one, other][index].decide(count))
        }
      }
      say("\(rounds) rounds of \(count) requests, \(Load.callers) callers; medians of the rounds")
      report("manager, whose token is known", one, other, measured.map { $0.map(\.managers) })
      report("customer, with a new token", one, other, measured.map { $0.map(\.customers) })
      for installation in [one, other] { await installation.stop() }
    } catch {
      say("failed: \(error)")
      exit(1)
    }
  }

  private static func report(
    _ who: String, _ one: Installation, _ many: Installation, _ measured: [[Figures]]
  ) {
    say("")
    say("\(who):")
    say("     tenants   CPU µs/decision   decisions/s    p50 ms    p99 ms")
    for (installation, figures) in zip([one, many], measured) {
      say(
        [
          "\(installation.tenants)".padded(12), text(figures, \.processor, 1).padded(18),
          text(figures, \.rate, 0).padded(14), text(figures, \.median, 2).padded(10),
          text(figures, \.p99, 2).padded(10),
        ].joined())
    }
    let ratios = zip(measured[1], measured[0]).map { $0.processor / $1.processor }
    let slower = zip(measured[1], measured[0]).map { $0.median / $1.median }
    say(
      "     CPU \(ratios.median.rounded(to: 2)) ×, p50 \(slower.median.rounded(to: 2)) × of one "
        + "tenant's (rounds: \(ratios.map { $0.rounded(to: 2) }.joined(separator: ", ")))")
  }

  private static func text(
    _ figures: [Figures], _ path: KeyPath<Figures, Double>, _ places: Int
  ) -> String { figures.map { $0[keyPath: path] }.median.rounded(to: places) }
}

func say(_ line: String) {
  print(line)
  fflush(nil)
}

extension String {
  fileprivate func padded(_ width: Int) -> String {
    String(repeating: " ", count: max(width - count, 1)) + self
  }
}

extension Double {
  /// With so many decimal places.
  func rounded(to places: Int) -> String {
    let scale = Double((0..<places).reduce(1) { scale, _ in scale * 10 })
    let value = (self * scale).rounded() / scale
    return places == 0 ? "\(Int(value))" : "\(value)"
  }
}

extension [Double] {
  var median: Double { isEmpty ? .nan : sorted()[count / 2] }
}
