internal import ArgumentParser
internal import CommandLine
internal import RPC
internal import Testing

@testable internal import lockbox_bench

@Suite("Options of lockbox-bench run")
struct OptionTests {
  private static let refusals: [(flags: String, sentence: String)] = [
    ("--callers 1 --rate 1", "--callers is a closed loop, --rate an open one: give one of them."),
    ("--callers 0", "--callers 0 is out of range: write 1 to 100000."),
    ("--count 0", "--count 0 is out of range: write 1 to 1000000000."),
    ("--rate 10 --in-flight 0", "--in-flight 0 is out of range: write 1 to 1000000."),
    ("--duration 2000h", "write a time such as 250ms, 5s or 2m."),
    ("--duration 48h", "--duration 2880m is out of range: write 1ms to 1440m."),
    ("--warm-up=-1", "write a time such as 250ms, 5s or 2m."),
    ("--duration soon", "write a time such as 250ms, 5s or 2m."),
    ("--rate 0", "a rate is between 0.01 and 1000000 operations per second."),
    ("--rate fast", "write operations per second, such as 500, or a range, 100..5000."),
    ("--rate 5..", "write operations per second, such as 500, or a range, 100..5000."),
    ("--rate ..5", "write operations per second, such as 500, or a range, 100..5000."),
    ("--rate 500..100", "a range rises: write 100..5000."),
    ("--rate 5..5", "a range rises: write 100..5000."),
    (
      "--rate 1..9",
      "--rate 1..9 is a range: add --steps 10 for one rate after the other, or --ramp to rise all the time."
    ),
    ("--rate 50 --steps 3", "--steps needs a range: write --rate 50..500."),
    ("--rate 50 --ramp", "--ramp needs a range: write --rate 50..500."),
    ("--rate 1..9 --steps 1", "--steps 1 is out of range: write 2 to 100."),
    (
      "--rate 1..9 --steps 3 --ramp",
      "--steps and --ramp are two ways through a range: give one of them."
    ),
    (
      "--rate 1..9 --ramp --step-duration 2s",
      "--step-duration belongs to --steps: give --steps as well, or --duration instead."
    ),
    (
      "--rate 1..9 --steps 3 --duration 2s",
      "With --steps each step has its time: give --step-duration instead of --duration."
    ),
    ("--rate 1..9 --steps 3 --count 5", "--count does not go with a range: leave it out."),
    ("--steps 3", "--steps belongs to an open loop: give --rate as well."),
    ("--ramp", "--ramp belongs to an open loop: give --rate as well."),
    ("--arrivals poisson", "--arrivals belongs to an open loop: give --rate as well."),
    ("--callers 5 --in-flight 9", "--in-flight belongs to an open loop: give --rate as well."),
    ("--scenario life=0", "a weight is a number above 0: write life=8."),
    ("--scenario life=", "a weight is a number above 0: write life=8."),
    (
      "--scenario live",
      "there is no scenario ‘live’: choose from submit, get, list, life, health, call."
    ),
    (
      "--scenario get=1 --scenario get=2",
      "--scenario get is given twice: give it once, with one weight."
    ),
    (
      "--scenario call",
      "--scenario call needs a method: give --method package.Service/Method."
    ),
    ("--scenario call --method Say", "write a method as package.Service/Method."),
    (
      "--method a.B/C",
      "--method, --message and --metadata are for any method: give --scenario call as well."
    ),
    ("--scenario call --method a.B/C --metadata key", "write metadata as 'NAME: VALUE'."),
    (
      "--scenario call --method a.B/C --message /nowhere/request",
      "/nowhere/request cannot be read: No such file or directory."
    ),
    ("--target nowhere", "write addresses as HOST:PORT, several with commas between them."),
    ("--target h:1,,h:2", "write addresses as HOST:PORT, several with commas between them."),
    (
      "--target mail=h:1",
      "there is no service ‘mail’: choose one of intake, approvals, expiry, audit, export, notify."
    ),
    ("--connections 0", "--connections 0 is out of range: write 1 to 1000."),
    (
      "--certificate a.pem",
      "--certificate and --key belong together: give both or neither."
    ),
    (
      "--target h:1 --server-name x",
      "--server-name is for addresses of --target with authorities of their own: give --authorities."
    ),
    ("--authorities ca.pem", "--authorities vouch for an address: give --target HOST:PORT."),
    ("--chart load.png", "--chart draws SVG: name a file that ends in .svg."),
    (
      "--chart /nowhere/load.svg",
      "--chart: /nowhere/ is no directory to write into: choose another."
    ),
  ]

  @Test("what cannot be meant is refused in one sentence with the way out", arguments: refusals)
  func refusal(flags: String, sentence: String) {
    let error = #expect(throws: (any Error).self) {
      try RunCommand.parse(flags.split(separator: " ").map(String.init))
    }
    let message = error.map { RunCommand.message(for: $0) } ?? ""
    #expect(message.hasSuffix(sentence), "\(message)")
    #expect(!message.contains("\n"), "\(message)")
  }

  @Test(
    "rates and times are read as people write them",
    arguments: [
      ("500", "500"), ("0.5", "0.5"), ("100..5000", "100..5000"), ("0.5..2.5", "0.5..2.5"),
    ])
  func rates(text: String, same: String) throws {
    #expect("\(try RateRange(parsing: text))" == same)
  }

  @Test(
    "times have a unit, or are seconds",
    arguments: [
      ("250ms", Duration.milliseconds(250)), ("5s", .seconds(5)), ("1.5s", .milliseconds(1_500)),
      ("2m", .seconds(120)), ("1h", .seconds(3_600)), ("7", .seconds(7)), ("0", .zero),
    ])
  func times(text: String, duration: Duration) throws {
    #expect(try TimeText.parse(text) == duration)
  }

  @Test(
    "the first line says what was done",
    arguments: [
      ("", "closed loop of 64"), ("--callers 3", "closed loop of 3"),
      ("--rate 500", "open loop at 500/s"),
      ("--rate 0.5 --arrivals poisson", "open loop at 0.5/s, Poisson arrivals"),
      ("--rate 1..9 --steps 3", "open loop, 1..9/s in 3 steps of 5s"),
      ("--rate 1..9 --ramp --duration 2m", "open loop, rising 1..9/s within 2m"),
    ])
  func titles(flags: String, title: String) throws {
    #expect(try LoadOptions.parse(flags.split(separator: " ").map(String.init)).title == title)
  }

  @Test("scenarios have weights, and addresses belong to a service or to none")
  func mixing() throws {
    let command = try RunCommand.parse([
      "--scenario", "submit=8", "--scenario", "get", "--target", "intake=[::1]:1,h:2",
      "--target", "h:3", "--target", "intake=h:4",
    ])
    #expect(ScenarioShare.title(command.scenario) == "submit 89 %, get 11 %")
    #expect(command.targets.addresses(of: .intake).map(\.authority) == ["[::1]:1", "h:2", "h:4"])
    #expect(command.targets.others.map(\.authority) == ["h:3"])
  }
}
