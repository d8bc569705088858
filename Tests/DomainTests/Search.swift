/// Looks at every sequence of choices to a length. Sequences that lead to equal states are one from
/// there on, so that each state is left once by each choice.
struct Search<State: Hashable> {
  /// How many sequences there are.
  private(set) var sequences = 0
  /// How many different states they lead through, at most once a length.
  private(set) var states = 0

  init(from start: State, choices: Int, length: Int, _ step: (State, Int) -> State) {
    var level = [start: 1]
    for _ in 0..<length {
      var next: [State: Int] = [:]
      for (state, count) in level {
        for choice in 0..<choices { next[step(state, choice), default: 0] += count }
      }
      states += level.count
      level = next
    }
    sequences = level.values.reduce(0, +)
  }
}
