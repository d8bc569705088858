/// A field of a form that nobody sees: what a page showed, carried to where it is decided.
///
/// Pages make hidden and bidirectional characters visible, so text that holds some does not come
/// back the same: then nothing fits it and nothing is decided, which is right.
struct HiddenField: Hashable, Sendable {
  let name: String
  let value: String

  init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}
