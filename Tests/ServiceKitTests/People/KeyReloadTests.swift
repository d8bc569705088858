internal import Domain
internal import ServiceKit
internal import TestKit
internal import Testing

@Suite("Keys that change")
struct KeyReloadTests {
  @Test("a new key set is taken, and what the old keys signed is no longer")
  func rotation() async throws {
    let people = try await PeopleFixture()
    let old = people.provider.token(claims: people.claims())
    _ = try people.authenticate(old)

    var rotated = people.provider
    rotated.keys = [try await .eddsa("k2")]
    people.directory.write("provider.jwks", rotated.jwks)
    await people.directoryOfIssuers.reloadChanged()

    #expect(try people.authenticate(rotated.token(claims: people.claims())).subject.id == "alice")
    #expect(throws: TokenRefusal.keyUnknown) { try people.authenticate(old) }
    #expect(people.log.lines.contains { $0.contains("issuer keys reloaded") })
  }

  @Test("a bad new key set keeps the old one and says so once")
  func badFile() async throws {
    let people = try await PeopleFixture()
    let token = people.provider.token(claims: people.claims())
    people.directory.write("provider.jwks", "{")
    await people.directoryOfIssuers.reloadChanged()
    await people.directoryOfIssuers.reloadChanged()
    #expect(try people.authenticate(token).subject.id == "alice")
    #expect(people.log.lines.count { $0.contains("bad issuer keys") } == 1)

    // And the next good one counts again.
    var rotated = people.provider
    rotated.keys = [try await .es256("k3")]
    people.directory.write("provider.jwks", rotated.jwks)
    await people.directoryOfIssuers.reloadChanged()
    #expect(try people.authenticate(rotated.token(claims: people.claims())).subject.id == "alice")
  }

  @Test("production takes no development key by way of a reload")
  func developmentKey() async throws {
    let people = try await PeopleFixture(environment: .production)
    var development = people.provider
    development.keys = [try await .eddsa("dev-1")]
    people.directory.write("provider.jwks", development.jwks)
    await people.directoryOfIssuers.reloadChanged()
    #expect(throws: TokenRefusal.keyUnknown) {
      try people.authenticate(development.token(claims: people.claims()))
    }
    #expect(people.log.lines.contains { $0.contains("is for development") })
  }

  @Test("what stays the same is not read again")
  func unchanged() async throws {
    let people = try await PeopleFixture()
    await people.directoryOfIssuers.reloadChanged()
    #expect(people.log.lines.isEmpty)
  }
}
