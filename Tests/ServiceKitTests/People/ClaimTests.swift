internal import Domain
internal import StrictJSON
internal import TestKit
internal import Testing

@testable internal import ServiceKit

@Suite("Claims that policies look at")
struct ClaimTests {
  private func claims(_ more: [String: Json]) async throws -> [String: Set<String>] {
    let people = try await PeopleFixture()
    let token = people.provider.token(claims: people.claims(more))
    return try people.authenticate(token).decider.claims.filter { more[$0.key] != nil }
  }

  @Test("strings, booleans and arrays of strings are texts; nothing else is")
  func texts() async throws {
    let found = try await claims([
      "department": .string("security"), "mfa": .bool(true), "on_call": .bool(false),
      "amr": .array([.string("pwd"), .string("otp")]), "none": .array([]),
      "level": .number("3"), "nothing": .null, "address": .object(["city": .string("x")]),
      "mixed": .array([.string("a"), .number("1")]), "jti": .string("t-1"),
    ])
    #expect(
      found == [
        "department": ["security"], "mfa": ["true"], "on_call": ["false"],
        "amr": ["pwd", "otp"], "none": [],
      ])
  }

  @Test("a claim beyond the bounds is none, and the token is good all the same")
  func bounds() async throws {
    let long = String(repeating: "x", count: 257)
    let found = try await claims([
      "long": .string(long), "a": .array((0..<65).map { .string("v\($0)") }),
      "b": .array((0..<64).map { .string("v\($0)") }), "c": .array([.string(long)]),
    ])
    #expect(Set(found.keys) == ["b"])
    let many = Dictionary(
      uniqueKeysWithValues: (100..<200).map { ("c\($0)", Json.string("v")) })
    #expect(try await claims(many).count == ClaimTexts.mostClaims)
  }

  @Test("roles go with the person as policies name them")
  func roles() async throws {
    let people = try await PeopleFixture()
    let person = try people.authenticate(
      people.provider.token(
        subject: "mia", roles: ["manager", "engineer", "boss"], at: people.clock.now()))
    #expect(person.decider.roles == ["manager", "engineer"])
  }
}
