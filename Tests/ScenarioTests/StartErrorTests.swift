internal import DevPKI
internal import Domain
internal import Glibc
internal import ServiceKit
internal import TestKit
internal import Testing

extension Scenarios {
  @Suite("Bad starts: one sentence, and a code that scripts can tell")
  struct StartErrorTests {
    /// A start of intake that must fail.
    struct BadStart: Sendable, CustomTestStringConvertible {
      let testDescription: String
      let code: ExitCode
      /// What the sentence must name: the field or file, and the way out.
      let words: [String]
      /// Breaks the installation; gives the flags to start with.
      let prepare: @Sendable (DeploymentFiles) async throws -> [String]

      init(
        _ description: String, _ code: ExitCode, _ words: String...,
        prepare: @escaping @Sendable (DeploymentFiles) async throws -> [String]
      ) {
        testDescription = description
        self.code = code
        self.words = words
        self.prepare = prepare
      }
    }

    static func flags(_ files: DeploymentFiles, _ more: String...) -> [String] {
      ["--config", files.configuration(of: .intake)] + more.flatMap { ["--set", $0] }
    }

    static let configuration: [BadStart] = [
      BadStart("no such configuration file", .configuration, "/nowhere.yaml", "No such file") {
        _ in ["--config", "/nowhere.yaml"]
      },
      BadStart("an unknown key", .configuration, "`data_directry`", "`data_directory`") {
        flags($0, "data_directry=/tmp")
      },
      BadStart("a bad value", .configuration, "`log.level`", "must be", "`loud`") {
        flags($0, "log.level=loud")
      },
      BadStart("a missing value", .configuration, "`environment` is missing", "write") { files in
        let path = files.directory.write("bare.yaml", "trust_domain: lockbox.test\n")
        return ["--config", path]
      },
      BadStart(
        "a development issuer in production", .configuration, "issuers.yaml", "for development",
        "remove the issuer"
      ) { files in
        files.directory.write(
          "issuers.yaml",
          """
          issuers:
            - {issuer: "https://dev.test", audience: lockbox, keys: provider.jwks, \
          development: true}
          """)
        return flags(files, "environment=production")
      },
    ]

    static let transport: [BadStart] = [
      BadStart("no such certificate", .configuration, "/nowhere.pem", "does not exist") {
        flags($0, "tls.certificate=/nowhere.pem")
      },
      BadStart("an expired certificate", .configuration, "old.pem", "expired") { files in
        let request = CertificateRequest(
          validity: Validity(notBefore: 1_000_000_000, notAfter: 1_000_086_400),
          uriNames: [ServiceName.intake.spiffeID(in: TestPKI.trustDomain)])
        let (chain, key) = (files.directory.file("old.pem"), files.directory.file("old.key"))
        try files.pki.authority.issue(request).write(chain: chain, key: key)
        return flags(files, "tls.certificate=\(chain)", "tls.key=\(key)")
      },
      BadStart("a key of another certificate", .configuration, "audit.key", "is not the key of") {
        files in
        flags(files, "tls.key=\(files.pki.files(of: .audit).key)")
      },
    ]

    static let storage: [BadStart] = [
      BadStart("a file that is no database", .inputOutput, "intake.db", "not a database") {
        files in
        try await useOnce(files)
        overwrite("\(files.data(of: .intake))/intake.db", at: 0, Array("Dear aunt, ...".utf8))
        return flags(files)
      },
      BadStart("a damaged database", .inputOutput, "intake.db", "restore it from a backup") {
        files in
        try await useOnce(files)
        overwrite(
          "\(files.data(of: .intake))/intake.db", at: 4_096, [UInt8](repeating: 0xee, count: 4_096))
        return flags(files)
      },
      BadStart("a newer schema", .configuration, "intake.db", "Start the newer version") { files in
        try await useOnce(files)
        // `user_version` in the header (sqlite.org/fileformat.html §1.3.12).
        overwrite("\(files.data(of: .intake))/intake.db", at: 60, [0, 0, 0, 99])
        return flags(files)
      },
      BadStart("a data directory that cannot be made", .inputOutput, "`data_directory`", "choose") {
        flags($0, "data_directory=/proc/lockbox")
      },
    ]

    @Test("bad files", arguments: configuration + transport + storage)
    func badStart(_ bad: BadStart) async throws {
      let files = try await DeploymentFiles(tenants: [])
      try await expectFailure(bad.code, bad.words, files, try await bad.prepare(files))
    }

    @Test("a port in use")
    func portInUse() async throws {
      let files = try await DeploymentFiles(tenants: [])
      let first = try await running(files)
      try await expectFailure(
        .unavailable,
        ["`metrics.address` is \(files.host):7601", "another program", "choose another address"],
        files, Self.flags(files, "data_directory=\(files.directory.file("other"))"))
      #expect(await first.terminate() == .exited(0))
    }

    @Test("a second process on the same data")
    func dataInUse() async throws {
      let files = try await DeploymentFiles(tenants: [])
      let first = try await running(files)
      try await expectFailure(
        .unavailable, ["intake.db", "another process uses this file", "Stop the other process"],
        files, Self.flags(files))
      #expect(await first.terminate() == .exited(0))
    }

    @Test("a disk that fails")
    func failingDisk() async throws {
      let files = try await DeploymentFiles(tenants: [])
      let output = files.directory.file("full.out")
      // No file may grow beyond 8 KiB; SIGXFSZ ignored, the write fails as on a full disk.
      let child = ChildProcess(
        "/bin/sh",
        [
          "-c", "trap '' XFSZ; ulimit -f 16; exec \"$0\" \"$@\"",
          "\(buildDirectory)/lockbox-intake",
        ] + Self.flags(files), output: output)
      #expect(await child.end() == .exited(ExitCode.inputOutput.rawValue))
      expectSentence(["intake.db", "start again"], output)
    }

    @Test("a full disk", .enabled(if: geteuid() == 0, "only root may mount a small disk"))
    func fullDisk() async throws {
      let files = try await DeploymentFiles(tenants: [])
      let disk = files.directory.file("disk")
      try #require(mkdir(disk, 0o700) == 0)
      let output = files.directory.file("full.out")
      // The mount is seen by this child alone, and gone with it.
      let child = ChildProcess(
        "/usr/bin/unshare",
        [
          "-m", "/bin/sh", "-c",
          "mount -t tmpfs -o size=64k tmpfs \(disk) 2>/dev/null || exit 99; exec \"$0\" \"$@\"",
          "\(buildDirectory)/lockbox-intake",
        ] + Self.flags(files, "data_directory=\(disk)"), output: output)
      let ending = await child.end()
      if ending == .exited(99) || ending == .exited(1) {
        print("no full disk: this container may not mount")
        return
      }
      #expect(ending == .exited(ExitCode.inputOutput.rawValue))
      expectSentence(["intake.db", "Free space on this disk", "start again"], output)
    }

    // MARK: Helpers

    private func running(_ files: DeploymentFiles) async throws -> ChildProcess {
      try await Self.started(files)
    }

    private static func started(_ files: DeploymentFiles) async throws -> ChildProcess {
      let output = files.output(of: .intake)
      let child = ChildProcess("\(buildDirectory)/lockbox-intake", flags(files), output: output)
      let isReady = await eventually {
        text(ofFile: output).contains("ready") && child.handlesTermination
      }
      try #require(isReady, "intake says: \(text(ofFile: output))")
      return child
    }

    /// Starts and stops the service, so that there is data.
    private static func useOnce(_ files: DeploymentFiles) async throws {
      let ending = try await started(files).terminate()
      try #require(ending == .exited(0))
    }

    private static func overwrite(_ path: String, at offset: Int, _ bytes: [UInt8]) {
      let file = open(path, O_RDWR)
      precondition(pwrite(file, bytes, bytes.count, off_t(offset)) == bytes.count)
      close(file)
    }

    private func expectFailure(
      _ code: ExitCode, _ words: [String], _ files: DeploymentFiles, _ arguments: [String]
    ) async throws {
      let output = files.directory.file("failed.out")
      let child = ChildProcess("\(buildDirectory)/lockbox-intake", arguments, output: output)
      let ending = await child.end()
      #expect(ending == .exited(code.rawValue), "\(text(ofFile: output))")
      expectSentence(words, output)
    }

    private func expectSentence(_ words: [String], _ output: String) {
      let said = text(ofFile: output)
      let lines = said.split(separator: "\n")
      #expect(lines.count == 1, "\(said)")
      #expect(lines.first?.hasPrefix("lockbox-intake: ") == true, "\(said)")
      for word in words { #expect(said.contains(word), "no \(word) in: \(said)") }
    }
  }
}
