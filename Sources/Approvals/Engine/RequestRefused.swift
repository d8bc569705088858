internal import Domain

/// The state machine's no, with the state that the caller should know of.
struct RequestRefused: Error, Hashable {
  let refusal: Refusal
  let state: RequestState.Name

  init(_ refusal: Refusal, state: RequestState.Name) {
    self.refusal = refusal
    self.state = state
  }
}
