// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target: Swift 6 mode, warnings are errors, explicit existentials and imports.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// The rooms that wrap a C library also say `unsafe` where memory safety rests on them.
let wrapping: [SwiftSetting] = house + [.strictMemorySafety()]

/// Small functions of a lower room are compiled into the rooms above: sealing and reading cross five rooms for each
/// value. Cedar goes without, because a library that others depend on may not ask for it.
let acrossRooms: [SwiftSetting] = [
    .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release))
]

/// A room is one SwiftPM target; its dependencies are the arrows of DESIGN.md, which only point down.
func room(
    _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [], settings: [SwiftSetting] = house
) -> Target {
    .target(
        name: name, dependencies: dependencies, exclude: exclude,
        swiftSettings: settings + (name == "Cedar" ? [] : acrossRooms))
}

func tests(of name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name), "TestSupport"] + dependencies,
        swiftSettings: house)
}

let package = Package(
    name: "ProfileVault",
    products: [
        .executable(name: "profilevault", targets: ["profilevault"]),
        .executable(name: "profilevault-conformance", targets: ["profilevault-conformance"]),
        .library(name: "Cedar", targets: ["Cedar"]),
    ],
    traits: [
        .trait(name: "Phones", description: "telephone numbers in national form, through libphonenumber"),
        .trait(name: "Domains", description: "e-mail domains in other scripts, through libidn2"),
        .trait(name: "Compression", description: "gzip input and PNG, through zlib"),
        .trait(
            name: "OneTimeCodes",
            description: "codes of authenticator apps and QR codes, through liboath and libqrencode"),
        .trait(name: "Passkeys", description: "passkeys and security keys, through libfido2 and GnuTLS"),
        .trait(name: "HardwareKeys", description: "root and epoch keys in PKCS#11 tokens, through p11-kit"),
        .trait(name: "KeyServices", description: "root keys wrapped by AWS KMS and Vault Transit, through libcurl"),
        .default(enabledTraits: [
            "Phones", "Domains", "Compression", "OneTimeCodes", "Passkeys", "HardwareKeys", "KeyServices",
        ]),
    ],
    targets: [
        .systemLibrary(
            name: "CSodium", path: "Sources/CLibraries/CSodium", pkgConfig: "libsodium",
            providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(
            name: "CSQLite", path: "Sources/CLibraries/CSQLite", pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(
            name: "CIDN2", path: "Sources/CLibraries/CIDN2", pkgConfig: "libidn2",
            providers: [.apt(["libidn2-dev"])]),
        .systemLibrary(
            name: "CZlib", path: "Sources/CLibraries/CZlib", pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(
            name: "COath", path: "Sources/CLibraries/COath", pkgConfig: "liboath",
            providers: [.apt(["liboath-dev"])]),
        .systemLibrary(
            name: "CQRencode", path: "Sources/CLibraries/CQRencode", pkgConfig: "libqrencode",
            providers: [.apt(["libqrencode-dev"])]),
        .systemLibrary(
            name: "CFido2", path: "Sources/CLibraries/CFido2", pkgConfig: "libfido2",
            providers: [.apt(["libfido2-dev"])]),
        .systemLibrary(
            name: "CGnuTLS", path: "Sources/CLibraries/CGnuTLS", pkgConfig: "gnutls",
            providers: [.apt(["libgnutls28-dev"])]),
        .systemLibrary(
            name: "CP11Kit", path: "Sources/CLibraries/CP11Kit", pkgConfig: "p11-kit-1",
            providers: [.apt(["libp11-kit-dev"])]),
        .systemLibrary(
            name: "CCurl", path: "Sources/CLibraries/CCurl", pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(
            name: "CPhoneNumber", path: "Sources/CLibraries/CPhoneNumber",
            linkerSettings: [.linkedLibrary("phonenumber")]),

        room("Core"),
        room("Cedar", exclude: ["README.md"]),
        room("Samples", ["Core"]),
        room("Secrets", ["Core", "CSodium"], settings: wrapping),
        room("Storage", ["Core", "CSQLite"], settings: wrapping),
        room(
            "Factors",
            [
                "Core", "Secrets",
                .target(name: "COath", condition: .when(traits: ["OneTimeCodes"])),
                .target(name: "CQRencode", condition: .when(traits: ["OneTimeCodes"])),
                .target(name: "CZlib", condition: .when(traits: ["Compression"])),
                .target(name: "CFido2", condition: .when(traits: ["Passkeys"])),
                .target(name: "CGnuTLS", condition: .when(traits: ["Passkeys"])),
            ],
            settings: wrapping),
        room(
            "HardwareKeys",
            ["Core", "Secrets", .target(name: "CP11Kit", condition: .when(traits: ["HardwareKeys"]))],
            settings: wrapping),
        room(
            "Outbound", ["Core", "Secrets", .target(name: "CCurl", condition: .when(traits: ["KeyServices"]))],
            settings: wrapping),
        room("KeyServices", ["Core", "Secrets", "Outbound"]),
        room("Audit", ["Core", "Secrets", "Storage"]),
        room(
            "Vault",
            [
                "Core", "Secrets", "Storage", "Audit",
                .target(name: "CPhoneNumber", condition: .when(traits: ["Phones"])),
                .target(name: "CIDN2", condition: .when(traits: ["Domains"])),
            ],
            settings: wrapping),
        room("Consent", ["Core", "Secrets", "Storage", "Audit"]),
        room("Accounts", ["Core", "Secrets", "Storage", "Factors", "Audit"]),
        room("Gate", ["Core", "Cedar", "Secrets", "Storage", "Audit", "Vault", "Consent", "Accounts"]),
        room(
            "Ingest",
            [
                "Core", "Secrets", "Storage", "Audit", "Vault", "Consent", "Gate",
                .target(name: "CZlib", condition: .when(traits: ["Compression"])),
            ],
            settings: wrapping),
        room("Activation", ["Core", "Secrets", "Vault", "Gate"]),
        .executableTarget(
            name: "profilevault",
            dependencies: [
                "Core", "Cedar", "Samples", "Factors", "Secrets", "Storage", "Audit", "Vault", "Consent", "Accounts",
                "Gate", "Ingest", "Activation",
            ],
            swiftSettings: house + acrossRooms),

        // Counts what the benchmarks allocate.
        .target(name: "CAllocations", path: "Benchmarks/CAllocations"),
        .executableTarget(
            name: "profilevault-conformance", dependencies: ["Cedar"], swiftSettings: house),

        .executableTarget(
            name: "profilevault-bench",
            dependencies: [
                "CAllocations", "Core", "Cedar", "CSodium", "CSQLite", "Secrets", "Storage", "Accounts", "Vault",
                "Gate",
                "Ingest", "Activation",
            ],
            path: "Benchmarks", exclude: ["peers", "CAllocations"], swiftSettings: house + acrossRooms),

        .target(name: "TestSupport", dependencies: ["Core"], path: "Tests/TestSupport", swiftSettings: house),
        .testTarget(
            name: "ArchitectureTests", dependencies: ["Core", "Storage", "Gate", "TestSupport"], swiftSettings: house),
        tests(of: "Core", []),
        tests(of: "Cedar", []),
        tests(of: "Samples", ["Core"]),
        tests(of: "Secrets", ["Core"]),
        tests(of: "Storage", ["Core"]),
        tests(
            of: "Factors",
            [
                "Core", "Secrets", .target(name: "CZlib", condition: .when(traits: ["Compression"])),
                .target(name: "CGnuTLS", condition: .when(traits: ["Passkeys"])),
            ]),
        tests(
            of: "HardwareKeys",
            ["Core", "Secrets", .target(name: "CP11Kit", condition: .when(traits: ["HardwareKeys"]))]),
        tests(
            of: "Gate",
            [
                "Core", "Cedar", "Factors", "Secrets", "Storage", "Audit", "Vault", "Consent", "Accounts", "Ingest",
                "Activation",
            ]),
        tests(of: "Outbound", ["Core", "Secrets"]),
        tests(of: "KeyServices", ["Core", "Secrets", "Outbound"]),
        tests(of: "Audit", ["Core", "Secrets", "Storage"]),
        tests(of: "Consent", ["Core", "Secrets", "Storage", "Audit"]),
        tests(of: "Accounts", ["Core", "Secrets", "Storage", "Factors", "Audit"]),
        tests(of: "Vault", ["Core"]),
        tests(of: "Ingest", ["Core", "Samples", "Secrets", "Vault", "Gate"]),
        tests(of: "Activation", ["Core", "Secrets", "Vault", "Gate"]),
        tests(of: "profilevault", []),
        .testTarget(
            name: "ConformanceTests", dependencies: ["profilevault-conformance"], swiftSettings: house),
        // Stands between all tests and the C library; only folders that a test watches are touched.
        .target(name: "CFaults", path: "Tests/CFaults"),
        .testTarget(
            name: "CrashTests",
            dependencies: [
                "CFaults", "Core", "Secrets", "Storage", "Audit", "Vault", "Consent", "Accounts", "Gate", "Ingest",
                "Activation", "TestSupport",
            ],
            swiftSettings: house),
        // Through the built program: it stands beside the test bundle because the target depends on it.
        .testTarget(
            name: "EndToEndTests", dependencies: ["profilevault", "Core", "TestSupport"], swiftSettings: house),
    ],
    cxxLanguageStandard: .cxx17
)
