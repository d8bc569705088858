internal import AccessToken
internal import Files
internal import MerkleLog
internal import Testing

@testable internal import CommandLine

@Suite("Development")
struct DevelopmentTests {
  private func initialised() async -> (Scene, [String]) {
    let scene = Scene()
    let outcome = await scene.run(["dev", "init", "--directory", scene.path("dev")])
    #expect(outcome.status == .success, "\(outcome.errors)")
    return (scene, outcome.output)
  }

  @Test("init makes everything once, and keeps it the second time")
  func idempotent() async throws {
    let (scene, first) = await initialised()
    #expect(first.allSatisfy { $0.hasPrefix("made  ") })
    let key = try File.read(scene.path("dev/keys/audit-log.key"))
    let second = await scene.run(["dev", "init", "--directory", scene.path("dev")])
    #expect(second.status == .success)
    #expect(second.output == first.map { $0.replacing("made  ", with: "kept  ") })
    #expect(try File.read(scene.path("dev/keys/audit-log.key")) == key)
  }

  @Test("what was lost is made again, and fits what is there")
  func repaired() async throws {
    let (scene, _) = await initialised()
    scene.write("", to: "dev/issuers/acme.jwks.json")
    let outcome = await scene.run(["dev", "init", "--directory", scene.path("dev")])
    #expect(
      outcome.output.filter { $0.hasPrefix("made") } == [
        "made  \(scene.path("dev/issuers/acme.jwks.json"))"
      ])
    let key = try SigningKey(contentsOf: scene.path("dev/issuers/acme.key"))
    let keys = try PublicKeySet(json: try File.read(scene.path("dev/issuers/acme.jwks.json")))
    #expect(keys.keys == ["dev-acme": key.publicKey])
  }

  @Test("ctl.yaml fits the keys beside it")
  func controlFile() async throws {
    let (scene, _) = await initialised()
    let configuration = try Configuration(file: scene.path("dev/ctl.yaml"))
    let log = try SigningKey(contentsOf: scene.path("dev/keys/audit-log.key"))
    for name in ["acme", "globex", "initech", "provider"] {
      #expect(configuration.logKeys[name]?.key == log.publicKey)
      #expect(configuration.logKeys[name]?.name == KeyName("log.lockbox.test/\(name)"))
    }
    let token = try AccessTokenSigner(keyFile: scene.path("dev/keys/access-token.key"))
    let trust = try #require(configuration.accessTokens)
    #expect(try PublicKeySet(json: try File.read(trust.keys)) == token.publicKeys)
  }

  @Test("a token of --as is the person's issuer's")
  func token() async throws {
    let (scene, _) = await initialised()
    let outcome = await scene.run([
      "dev", "token", "--as", "mia", "--lifetime", "1h", "--directory", scene.path("dev"),
    ])
    let token = try #require(outcome.output.first.flatMap { CompactJWS($0) })
    let keys = try PublicKeySet(json: try File.read(scene.path("dev/issuers/provider.jwks.json")))
    #expect(token.header.typ == "JWT")
    #expect(token.isSigned(by: try #require(keys.keys[token.header.kid])))
    #expect(
      String(decoding: token.payload, as: UTF8.self)
        == #"{"iss":"https://provider.lockbox.test","sub":"mia","aud":"lockbox","#
        + #""iat":1795262400,"exp":1795266000,"name":"Mia Manager","#
        + #""email":"mia@provider.test","email_verified":true,"#
        + #""roles":["manager"],"groups":["managers"]}"#)
  }

  @Test("an unknown name is met with the nearest")
  func unknownName() async {
    let (scene, _) = await initialised()
    let outcome = await scene.run([
      "dev", "token", "--as", "olgaa", "--directory", scene.path("dev"),
    ])
    #expect(outcome.status == .usage)
    #expect(outcome.errors.first?.contains("did you mean olga?") == true)
  }

  @Test("one more tenant gets an issuer and a log key, once")
  func issuer() async throws {
    let (scene, _) = await initialised()
    for _ in 0..<2 {
      let outcome = await scene.run(["dev", "issuer", "umbrella", "--directory", scene.path("dev")])
      #expect(outcome.status == .success, "\(outcome.errors)")
    }
    let issuers = try File.readText(scene.path("dev/issuers.yaml"))
    #expect(issuers.ranges(of: "issuer: https://umbrella.lockbox.test").count == 1)
    let configuration = try Configuration(file: scene.path("dev/ctl.yaml"))
    #expect(configuration.logKeys["umbrella"]?.key == configuration.logKeys["acme"]?.key)
    let logs = try File.readText(scene.path("dev/log-keys.txt")).split(separator: "\n").dropFirst()
    #expect(
      try logs.map { try NoteVerifier(vkey: String($0)).name.rawValue }
        == ["provider", "acme", "globex", "initech", "umbrella"].map { "log.lockbox.test/\($0)" })
  }

  @Test("everybody in people.yaml has an issuer with a key")
  func people() async throws {
    let (scene, _) = await initialised()
    let people = try PeopleFile.read(scene.path("dev/people.yaml"))
    #expect(people.count == 16)
    for person in people {
      let outcome = await scene.run([
        "dev", "token", "--as", person.name, "--directory", scene.path("dev"),
      ])
      #expect(outcome.status == .success, "\(person.name): \(outcome.errors)")
    }
  }
}
