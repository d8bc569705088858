// swift-tools-version: 6.2

import PackageDescription

// MARK: - Settings

/// The one set of compiler settings of every Swift target. Warnings stop only our own test run: a
/// user's newer compiler may know more of them.
let settings: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ]
  + (Context.environment["WARNINGS_AS_ERRORS"] == "1"
    ? [.treatAllWarnings(as: .error)] : [])

// MARK: - Dependencies

let dependencies: [Package.Dependency] = [
  // Event loops, sockets and timers.
  .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  // The logging front end that every server library of the ecosystem shares.
  .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  // Flags, help texts and shell completion of all executables.
  .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  // Signals and ordered shutdown of the services.
  .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  // YAML: configuration files and `lockboxctl apply -f`.
  .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  // People's bearer tokens and access tokens (JWS, JWK).
  .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
  // HTTP/1.1 for collectors, monitors and browsers. Its server only, without its framework: routes
  // with a rule each are 80 lines of ours, and its TLS would be a second one beside libssl.
  .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
  // The types that it speaks.
  .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
  .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
  // Mustache templates of pages and notices: logic-less, and escapes HTML unless told not to.
  .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
  // Latency percentiles of lockbox-bench.
  .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let serviceLifecycle = Target.Dependency.product(
  name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(
  name: "UnixSignals", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let jwtKit = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let hummingbird = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")

// MARK: - Targets, lowest first: a target imports only what is listed for it

let systemLibraries: [Target] = [
  .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
  .systemLibrary(
    name: "CNghttp2", pkgConfig: "libnghttp2", providers: [.apt(["libnghttp2-dev"])]),
  // gzip of messages, which every gRPC implementation offers.
  .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
  .systemLibrary(
    name: "CProtobufC", pkgConfig: "libprotobuf-c", providers: [.apt(["libprotobuf-c-dev"])]),
  // Plain rather than GRDB 7.10: 25,600 durable rows/s and 27 µs of CPU a row against 20,200 and
  // 37 µs (400-byte row, 2 indexes, outbox row, 64 rows a transaction, WAL, synchronous=FULL).
  .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
  // SMTP with STARTTLS, logins and kept connections. Its TLS is the same libssl as ours.
  .systemLibrary(
    name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
]

let foundations: [Target] = [
  // Ids, request, decision, policy, grant, the state machine, limits, errors, clock.
  .target(name: "Domain", swiftSettings: settings),

  // Small whole files and their stamps, and the time of day. Apart from ServiceKit, since Glibc's
  // `stat` and `timespec` cannot be named in a module that also loads Foundation, least of all in a
  // release build (MemberImportVisibility takes them for those of CoreFoundation or of the overlay).
  .target(name: "Files", swiftSettings: settings),

  // Checked-in protoc-c output: google.* and grpc.* (no Lockbox in it), then lockbox.*.
  .target(name: "CStandardProto", dependencies: ["CProtobufC"]),
  .target(name: "CLockboxProto", dependencies: ["CProtobufC", "CStandardProto"]),

  // Pack/unpack runtime, arena, and the guard that scans bytes before protobuf-c unpacks them.
  .target(name: "ProtobufC", dependencies: ["CProtobufC"], swiftSettings: settings),

  // Checked-in generated Swift.
  .target(
    name: "StandardProto", dependencies: ["ProtobufC", "CStandardProto", "CProtobufC"],
    swiftSettings: settings),
  .target(
    name: "LockboxProto",
    dependencies: ["ProtobufC", "CLockboxProto", "CProtobufC", "StandardProto"],
    swiftSettings: settings),

  // A JSON reader for what comes from outside: tokens and key sets.
  .target(name: "StrictJSON", swiftSettings: settings),

  // RFC 6962 tree, proofs, C2SP checkpoints and signed notes; usable on its own.
  .target(name: "MerkleLog", dependencies: ["COpenSSL"], swiftSettings: settings),

  // The domain's values as messages, and back.
  .target(
    name: "DomainProto", dependencies: ["Domain", "LockboxProto", "StandardProto", "MerkleLog"],
    swiftSettings: settings),

  // What the API says in words, and text of others made safe for terminals and pages.
  .target(
    name: "Words", dependencies: ["Domain", "DomainProto", "LockboxProto", "ProtobufC"],
    swiftSettings: settings),

  // What an access token says, how it is signed, and how it is checked offline.
  .target(
    name: "AccessToken",
    dependencies: [
      "Domain", "DomainProto", "LockboxProto", "ProtobufC", "StandardProto", "MerkleLog",
      "StrictJSON",
    ],
    swiftSettings: settings),

  // What an approver signs to decide, and how that is checked, offline too.
  .target(
    name: "SignedStatement",
    dependencies: [
      "Domain", "DomainProto", "LockboxProto", "ProtobufC", "StandardProto", "MerkleLog",
      "COpenSSL",
    ],
    swiftSettings: settings),

  // What can be said of a token, a grant, a log or a period without asking anybody: pure functions
  // over bytes and keys, for lockboxctl and for lockbox-verify.
  .target(
    name: "Verification",
    dependencies: [
      "AccessToken", "SignedStatement", "Domain", "DomainProto", "LockboxProto", "ProtobufC",
      "StandardProto", "MerkleLog", "StrictJSON", "Words",
    ],
    swiftSettings: settings),

  // Entries of a log as security tools read them: OCSF, CloudEvents, CEF, syslog, JSON lines, CSV.
  // Pure, and below both who sends them and lockboxctl, which writes files.
  .target(
    name: "LogFormats", dependencies: ["Domain", "LockboxProto", "ProtobufC", "StandardProto"],
    swiftSettings: settings),

  // OpenSSL contexts, peer identity, verification, reload, and the NIO handler.
  .target(name: "TLS", dependencies: ["COpenSSL", nioCore], swiftSettings: settings),

  // A throw-away certificate authority for development and tests.
  .target(name: "DevPKI", dependencies: ["COpenSSL"], swiftSettings: settings),

  // HTTP/2 and gRPC: server, client, interceptors, health, reflection.
  .target(
    name: "RPC",
    dependencies: [
      "ProtobufC", "StandardProto", "TLS", "CNghttp2", "CZlib", nioCore, nioPosix, logging,
    ],
    swiftSettings: settings),

  // Threads that block on the disk, and what they wait on.
  .target(name: "Threads", swiftSettings: settings),

  // SQLite with a group committer and feeds: durable before acknowledged.
  .target(name: "Storage", dependencies: ["CSQLite", "Threads"], swiftSettings: settings),

  // Mails: what they look like, and how a mail server is given them.
  .target(
    name: "Mail", dependencies: ["CCurl", "Domain", "Files", "ProtobufC", "Threads"],
    swiftSettings: settings),

  // CRC-32C by the processor's own instruction, which Swift cannot name.
  .target(name: "CChecksum"),

  // Merkle logs in shared append-only segments: durable in one sync a batch, rebuilt from them.
  .target(
    name: "LogStore", dependencies: ["MerkleLog", "Files", "Threads", "CChecksum", "CZlib"],
    swiftSettings: settings),
]

let services: [Target] = [
  // Configuration, logs, metrics, identity and authorization, feeds, drain.
  .target(
    name: "ServiceKit",
    dependencies: [
      "Domain", "DomainProto", "Files", "LockboxProto", "ProtobufC", "StandardProto", "RPC", "TLS",
      "Storage", "COpenSSL", "StrictJSON",
      nioCore, nioPosix, nioHTTP1, logging, serviceLifecycle, unixSignals, argumentParser, yams,
      jwtKit,
    ],
    swiftSettings: settings),
  // HTTPS/1.1 listeners on our own TLS: routes, their rules, time-outs and limits.
  .target(
    name: "Web",
    dependencies: [
      "ServiceKit", "Domain", "ProtobufC", "RPC", "TLS", hummingbird, httpTypes, nioHTTPTypes,
      nioCore, nioPosix, nioHTTP1, logging, unixSignals,
    ],
    swiftSettings: settings),
  .target(name: "Intake", dependencies: ["ServiceKit"] + serviceModules, swiftSettings: settings),
  .target(
    name: "Approvals",
    dependencies: ["ServiceKit", "AccessToken", "SignedStatement", "MerkleLog", "Files"]
      + serviceModules,
    swiftSettings: settings),
  .target(name: "Expiry", dependencies: ["ServiceKit"] + serviceModules, swiftSettings: settings),
  .target(
    name: "Audit", dependencies: ["ServiceKit", "Web", "MerkleLog", "LogStore"] + serviceModules,
    swiftSettings: settings),
  // Addresses that customers name: which of them may be spoken with, HTTPS to them, and webhooks'
  // signatures.
  .target(
    name: "Outbound",
    dependencies: [
      "ServiceKit", "Domain", "TLS", "MerkleLog", "ProtobufC", "Words", nioCore, nioPosix,
      nioHTTP1,
    ],
    swiftSettings: settings),
  // What was logged, handed on: collectors' activity API, webhooks. Apart from audit, since it
  // speaks with addresses that customers name, and must not be able to change the log.
  .target(
    name: "Export",
    dependencies: [
      "ServiceKit", "Web", "Outbound", "StrictJSON", "Files", "LogFormats", "MerkleLog", nioCore,
      nioPosix,
    ] + serviceModules, swiftSettings: settings),
  // Who is told of what: mails, chats and webhooks, durable from the event to the answer.
  .target(
    name: "Notify",
    dependencies: [
      "ServiceKit", "Mail", "Outbound", "Words", "Files", mustache,
    ] + serviceModules, swiftSettings: settings),
]

/// What each of the services may import besides ServiceKit; never one another.
var serviceModules: [Target.Dependency] {
  [
    "Domain", "LockboxProto", "ProtobufC", "StandardProto", "RPC", "TLS", "Storage", logging,
  ]
}

/// What customers run by themselves.
let witnesses: [Target] = [
  // Cosigns checkpoints after checking that the log only grew (C2SP tlog-witness).
  .target(
    name: "Witness",
    dependencies: [
      "ServiceKit", "Web", "MerkleLog", "Storage", "Files", "Domain", "TLS", "RPC", logging,
    ],
    swiftSettings: settings)
]

let clients: [Target] = [
  // lockboxctl's commands: a client of the API only.
  .target(
    name: "CommandLine",
    dependencies: [
      "Domain", "Files", "LockboxProto", "ProtobufC", "StandardProto", "RPC", "TLS", "MerkleLog",
      // The offline check of a log's files.
      "LogStore",
      "AccessToken", "SignedStatement", "Verification", "Words", "DomainProto", "DevPKI",
      "LogFormats", nioCore, nioPosix, logging, argumentParser, yams,
    ],
    swiftSettings: settings),
  // What a developer's machine has in place of other people's servers: lockboxctl's development
  // issuers, to sign in at, and a mail server that keeps what it is given. Never part of production.
  .target(
    name: "Development",
    dependencies: [
      "CommandLine", "ServiceKit", "Web", "Domain", "ProtobufC", "TLS", "Words", nioCore, nioPosix,
      logging,
    ],
    swiftSettings: settings),
  // The portal's templates, texts and assets, read by the compiler (#embed): SwiftPM's own embedding
  // makes array literals of them, which takes the Swift compiler longer than the rest of the module.
  .target(name: "CPortalFiles"),
  // What people do in a browser: pages over the API with the person's own token; keeps sessions only.
  .target(
    name: "Portal",
    dependencies: [
      "ServiceKit", "Web", "MerkleLog", "SignedStatement", "Words", "Domain", "DomainProto",
      "LockboxProto", "ProtobufC",
      "StandardProto", "RPC", "TLS", "Storage", "StrictJSON", "Files", "COpenSSL", "CPortalFiles",
      "Verification", "CZlib", mustache, nioPosix, logging,
    ],
    exclude: ["Templates", "Assets", "Languages"], swiftSettings: settings),
  // lockbox-verify's commands: files and keys in, a verdict out. No network and no service, so that
  // a customer can read all of what they trust.
  .target(
    name: "VerifyTool",
    dependencies: [
      "AccessToken", "SignedStatement", "Verification", "Words", "Domain", "Files", "MerkleLog",
      argumentParser,
    ],
    swiftSettings: settings),
]

let executables: [Target] = [
  .executableTarget(
    name: "protoc-gen-lockbox",
    dependencies: ["CProtobufC", "CStandardProto", "ProtobufC", "Domain"],
    swiftSettings: settings),
  service("lockbox-intake", "Intake"),
  service("lockbox-approvals", "Approvals"),
  service("lockbox-expiry", "Expiry"),
  service("lockbox-audit", "Audit"),
  service("lockbox-export", "Export"),
  service("lockbox-notify", "Notify"),
  service("lockbox-witness", "Witness"),
  service("lockbox-portal", "Portal"),
  .executableTarget(
    name: "lockboxctl", dependencies: ["CommandLine", argumentParser], swiftSettings: settings),
  service("lockbox-dev", "Development"),
  .executableTarget(
    name: "lockbox-verify", dependencies: ["VerifyTool"], swiftSettings: settings),
  .executableTarget(
    name: "lockbox-bench",
    dependencies: [
      "Domain", "LockboxProto", "CLockboxProto", "ProtobufC", "StandardProto", "CStandardProto",
      "RPC", "TLS", "Storage",
      "CommandLine", nioCore, nioPosix, logging, argumentParser, histogram, unixSignals,
      // The bare store that submits through intake are held against, and a consumer of its feed.
      "Intake", "ServiceKit",
    ],
    swiftSettings: settings),
]

func service(_ name: String, _ module: Target.Dependency) -> Target {
  .executableTarget(
    name: name, dependencies: [module, "ServiceKit", argumentParser], swiftSettings: settings)
}

/// Directories of a test's own: apart from TestKit, so that the lowest targets' tests may have them.
let temporaryFiles = Target.target(
  name: "TemporaryFiles", path: "Tests/TemporaryFiles", swiftSettings: settings)

/// Private keys of any kind: apart from TestKit for the same reason.
let testKeys = Target.target(
  name: "TestKeys", dependencies: ["COpenSSL"], path: "Tests/TestKeys", swiftSettings: settings)

/// Fake clock, seeded randomness, fakes, throw-away CA and issuers, conformance suites.
let testKit = Target.target(
  name: "TestKit",
  dependencies: [
    "TemporaryFiles", "Domain", "LockboxProto", "ProtobufC", "StandardProto", "RPC", "TLS",
    "Storage", "ServiceKit", "DevPKI", "COpenSSL", "StrictJSON", nioCore, nioPosix, nioHTTP1,
    logging, jwtKit,
  ],
  path: "Tests/TestKit", swiftSettings: settings)

/// Programs that speak with other people's gRPC implementations, or are compared with them.
let interop: [Target] = [
  // The small unary call that servers are compared by: see deploy/echo-bench.
  .executableTarget(
    name: "rpc-echo-server",
    dependencies: ["RPC", "TLS", "TestProto", nioCore, nioPosix, logging, argumentParser],
    path: "Tests/Interop/rpc-echo-server", swiftSettings: settings),
  // Our side of the gRPC project's interoperability tests.
  .executableTarget(
    name: "rpc-interop-server",
    dependencies: [
      "RPC", "TLS", "ProtobufC", "TestProto", nioCore, logging, argumentParser, unixSignals,
    ],
    path: "Tests/Interop/rpc-interop-server", swiftSettings: settings),
  // Attackers, an honest caller, and the judge of a server between them.
  .executableTarget(
    name: "rpc-hostile-peers",
    dependencies: [
      "RawHTTP2", "RPC", "TLS", "ProtobufC", "TestProto", "DevPKI", nioCore, nioPosix,
      argumentParser,
    ],
    path: "Tests/Hostile/rpc-hostile-peers", swiftSettings: settings),
  .executableTarget(
    name: "rpc-interop-client",
    dependencies: ["RPC", "TLS", "ProtobufC", "TestProto", nioPosix, argumentParser],
    path: "Tests/Interop/rpc-interop-client", swiftSettings: settings),
]

let tests: [Target] = [
  // HTTP/2 frames by hand, right and wrong, over TLS: for conformance and for hostile peers.
  .target(
    name: "RawHTTP2", dependencies: ["TLS", nioCore, nioPosix], path: "Tests/RawHTTP2",
    swiftSettings: settings),
  // Checked-in code of the protos in Tests/proto: every kind of field and of method, and those that
  // gRPC implementations are compared by.
  .target(name: "CTestProto", dependencies: ["CStandardProto"], path: "Tests/CTestProto"),
  .target(
    name: "TestProto", dependencies: ["ProtobufC", "CTestProto", "StandardProto"],
    path: "Tests/TestProto", swiftSettings: settings),
  tests(of: "Domain"),
  tests(of: "ProtobufC", "CProtobufC", "StandardProto", "LockboxProto", "TestProto"),
  // RFC 6962 word for word, which trees and stores are held against, and seeded randomness.
  .target(
    name: "ReferenceTree", dependencies: ["MerkleLog"], path: "Tests/ReferenceTree",
    swiftSettings: settings),
  tests(of: "MerkleLog", "COpenSSL", "ReferenceTree"),
  tests(of: "AccessToken", "Domain", "LockboxProto", "ProtobufC", "StandardProto", "MerkleLog"),
  tests(
    of: "SignedStatement", "TestKeys", "Domain", "LockboxProto", "ProtobufC", "StandardProto",
    "MerkleLog",
    "COpenSSL"),
  // Logs, grants and evidence by the hundred, right and wrong.
  .target(
    name: "EvidenceSamples",
    dependencies: [
      "Verification", "AccessToken", "SignedStatement", "Domain", "DomainProto", "LockboxProto",
      "ProtobufC", "StandardProto", "MerkleLog",
    ],
    path: "Tests/EvidenceSamples", swiftSettings: settings),
  tests(
    of: "Verification", "EvidenceSamples", "ReferenceTree", "VerifyTool",
    "AccessToken", "Domain", "DomainProto", "Files", "LockboxProto", "ProtobufC", "StandardProto",
    "MerkleLog", "SignedStatement", "Words"),
  .testTarget(
    name: "LogFormatsTests",
    dependencies: ["LogFormats", "Domain", "LockboxProto", "ProtobufC", "StandardProto"],
    exclude: ["Golden"], swiftSettings: settings),
  tests(of: "TLS", "COpenSSL", "DevPKI", nioCore, nioPosix, nioEmbedded),
  tests(of: "DevPKI", "COpenSSL"),
  tests(
    of: "RPC", "ProtobufC", "StandardProto", "CStandardProto", "CProtobufC", "TLS", "CNghttp2",
    "COpenSSL", "CZlib", "DevPKI", "RawHTTP2", nioCore, nioPosix, nioEmbedded, logging),
  tests(of: "Storage", "CSQLite"),
  tests(of: "LogStore", "MerkleLog", "CChecksum", "ReferenceTree", "log-bench"),
  // The store beside the limits of the machine, and a process to let system calls fail in.
  .executableTarget(
    name: "log-bench", dependencies: ["LogStore", "MerkleLog"], path: "Tests/LogBench",
    swiftSettings: settings),
  tests(
    of: "CommandLine", "AccessToken", "Domain", "LockboxProto", "ProtobufC", "CLockboxProto",
    "StandardProto", "RPC", "MerkleLog", "LogStore", "Files", "SignedStatement", "Verification",
    "Words",
    "DomainProto", "EvidenceSamples", "ReferenceTree", argumentParser),
  tests(
    of: "ServiceKit", "TestKit", "StrictJSON", "Domain", "LockboxProto", "ProtobufC",
    "StandardProto", "RPC", "TLS", "Storage", "DevPKI", logging, yams, jwtKit, nioCore, nioPosix),
  tests(
    of: "Web", "TestKit", "ServiceKit", "Domain", "RPC", "TLS", "DevPKI", nioCore, nioPosix,
    nioHTTP1, logging),
  tests(
    of: "Development", "lockbox-dev", "CommandLine", "Mail", "Web", "TestKit", "StrictJSON",
    "ServiceKit", "Domain", "ProtobufC", "TLS", "DevPKI", argumentParser, logging, jwtKit, nioCore,
    nioPosix),
  tests(
    of: "Witness", "lockbox-witness", "Web", "TestKit", "ServiceKit", "MerkleLog", "ReferenceTree",
    "Storage", "Domain", "TLS", "DevPKI", nioCore, nioPosix, nioHTTP1),
  tests(
    of: "Audit", "lockbox-audit", "Web", "Witness", "TLS", "TestKit", "ServiceKit", "Domain",
    "Files",
    "LockboxProto", "ProtobufC",
    "StandardProto",
    "RPC", "Storage", "MerkleLog", "LogStore"),
  .testTarget(
    name: "BenchTests",
    dependencies: [
      "lockbox-bench", "CommandLine", "RPC", "StandardProto", "TLS", "DevPKI", nioCore, nioPosix,
      logging, argumentParser,
    ],
    exclude: ["Golden"], swiftSettings: settings),
  // What a decision costs with one tenant and with ten thousand.
  .executableTarget(
    name: "decision-bench",
    dependencies: [
      "lockbox-intake", "lockbox-approvals", "TestKit", "ServiceKit", "Domain", "LockboxProto",
      "ProtobufC", "StandardProto", "RPC", "TLS", "MerkleLog", "StrictJSON", nioPosix,
    ], path: "Tests/DecisionBench", swiftSettings: settings),
  // How long after its commit a decision's receipt comes while events flow in.
  .executableTarget(
    name: "receipt-bench",
    dependencies: [
      "lockbox-audit", "TestKit", "ServiceKit", "Storage", "Domain", "LockboxProto", "ProtobufC",
      "RPC", "MerkleLog",
    ], path: "Tests/ReceiptBench", swiftSettings: settings),
  // The four executables as processes, over their API; in this process where a test owns the clock.
  .testTarget(
    name: "ScenarioTests",
    dependencies: [
      "lockbox-intake", "lockbox-approvals", "lockbox-expiry", "lockbox-audit", "lockbox-export",
      "lockbox-notify", "lockbox-witness", "TestKit", "ServiceKit", "Intake", "Approvals",
      "AccessToken", "MerkleLog",
      "Domain", "LockboxProto",
      "ProtobufC", "CProtobufC", "CLockboxProto", "StandardProto", "CStandardProto", "RPC", "TLS",
      "DevPKI", "SignedStatement", "StrictJSON", nioCore, nioPosix,
    ], swiftSettings: settings),
  tests(
    of: "Intake", "TestKit", "ServiceKit", "StrictJSON", "Domain", "LockboxProto", "ProtobufC",
    "StandardProto", "RPC", "Storage"),
  tests(
    of: "Approvals", "Intake", "TestKit", "StrictJSON", "ServiceKit", "Domain", "LockboxProto",
    "ProtobufC",
    "StandardProto", "RPC", "Storage", "MerkleLog", "SignedStatement", "AccessToken", "TLS",
    nioCore, nioPosix),
  tests(
    of: "Expiry", "TestKit", "ServiceKit", "Domain", "LockboxProto", "ProtobufC",
    "StandardProto", "RPC", "Storage", logging),
  tests(of: "Mail", "TestKit", "Domain", "TLS", nioCore, nioPosix),
  tests(
    of: "Outbound", "TestKit", "StrictJSON", "ServiceKit", "Domain", "RPC", "MerkleLog",
    "ProtobufC", nioCore),
  tests(
    of: "Portal", "lockbox-portal", "Web", "Files", "TestKit", "StrictJSON", "ServiceKit", "Domain",
    "DomainProto",
    "LockboxProto", "ProtobufC", "StandardProto", "RPC", "TLS", "Storage", "DevPKI", "Intake",
    "Approvals", "Words", "MerkleLog", "SignedStatement", "TestKeys", logging, nioCore, nioPosix,
    nioHTTP1, jwtKit),
  tests(
    of: "Notify", "lockbox-notify", "Mail", "Outbound", "TestKit", "StrictJSON", "ServiceKit",
    "Domain", "LockboxProto", "ProtobufC", "StandardProto", "RPC", "Storage", "Words", logging,
    nioCore),
  .testTarget(
    name: "ExportTests",
    dependencies: [
      "Export", "Outbound", "LogFormats", "TestKit", "StrictJSON", "ServiceKit", "Domain",
      "LockboxProto",
      "ProtobufC", "StandardProto", "RPC", "TLS", "Storage", "MerkleLog", logging, nioCore,
      nioPosix, nioHTTP1,
    ],
    exclude: ["Golden"], swiftSettings: settings),
]

/// All tests; with TESTS_ONLY=A,B those alone, for builds that cost more (deploy/test --sanitize).
let wantedTests = tests.filter { target in
  guard let only = Context.environment["TESTS_ONLY"], target.type == .test else { return true }
  return only.split(separator: ",").contains { $0 == target.name }
}

func tests(of module: String, _ more: Target.Dependency...) -> Target {
  .testTarget(
    name: module + "Tests", dependencies: [.byName(name: module), "TemporaryFiles"] + more,
    swiftSettings: settings)
}

/// Fuzzers of every parser of foreign bytes. Only with FUZZ=1: their main function is libFuzzer's,
/// which `deploy/fuzz` links in.
let fuzzers: [Target] =
  Context.environment["FUZZ"] != "1"
  ? []
  : [
    .target(
      name: "FuzzSupport", dependencies: ["CNghttp2"], path: "Tests/Fuzz/Support",
      swiftSettings: settings),
    fuzzer("framing", "RPC"),
    fuzzer("metadata", "RPC"),
    fuzzer("message", "ProtobufC", "StandardProto", "LockboxProto"),
    fuzzer("certificate", "TLS", "COpenSSL"),
    fuzzer(
      "connection", "RPC", "TLS", "DevPKI", "ProtobufC", "StandardProto", logging, nioCore,
      nioEmbedded),
    fuzzer("access-token", "AccessToken", "Domain", "MerkleLog"),
    fuzzer("note", "MerkleLog"),
    fuzzer("page", "ServiceKit", "Storage", "Domain"),
    fuzzer("token", "ServiceKit", "Domain", "MerkleLog", "ProtobufC", logging),
  ]

func fuzzer(_ name: String, _ dependencies: Target.Dependency...) -> Target {
  .executableTarget(
    name: "fuzz-" + name, dependencies: ["FuzzSupport"] + dependencies, path: "Tests/Fuzz/" + name,
    swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])])
}

let package = Package(
  name: "lockbox",
  products: [
    .executable(name: "lockbox-intake", targets: ["lockbox-intake"]),
    .executable(name: "lockbox-approvals", targets: ["lockbox-approvals"]),
    .executable(name: "lockbox-expiry", targets: ["lockbox-expiry"]),
    .executable(name: "lockbox-audit", targets: ["lockbox-audit"]),
    .executable(name: "lockbox-export", targets: ["lockbox-export"]),
    .executable(name: "lockbox-notify", targets: ["lockbox-notify"]),
    .executable(name: "lockbox-witness", targets: ["lockbox-witness"]),
    .executable(name: "lockbox-portal", targets: ["lockbox-portal"]),
    .executable(name: "lockboxctl", targets: ["lockboxctl"]),
    .executable(name: "lockbox-dev", targets: ["lockbox-dev"]),
    .executable(name: "lockbox-verify", targets: ["lockbox-verify"]),
    .executable(name: "lockbox-bench", targets: ["lockbox-bench"]),
  ],
  dependencies: dependencies,
  targets: systemLibraries + foundations + services + witnesses + clients + executables
    + [temporaryFiles, testKeys, testKit] + interop + wantedTests + fuzzers
)
