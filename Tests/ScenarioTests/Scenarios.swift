internal import Testing

/// The real executables, and whole installations. One test after the other: each has four processes
/// of its own.
@Suite(.serialized)
enum Scenarios {}
