/// The import graph of DESIGN.md: one target a room, arrows that only point down.
///
/// A new arrow is written here, in Package.swift and in DESIGN.md, or the tests fail.
struct House {
    struct Room {
        let name: String
        /// Rooms on one floor do not know each other; the ground floor is 0.
        let floor: Int
        let imports: Set<String>
        /// C modules that this room wraps, and no other that does not name them, too.
        var libraries: Set<String> = []
    }

    let rooms: [Room]

    static let profileVault = House(rooms: [
        Room(name: "Core", floor: 0, imports: []),
        Room(name: "Cedar", floor: 0, imports: []),
        Room(name: "Samples", floor: 1, imports: ["Core"]),
        Room(name: "Secrets", floor: 1, imports: ["Core"], libraries: ["CSodium"]),
        Room(name: "Storage", floor: 2, imports: ["Core"], libraries: ["CSQLite"]),
        Room(
            name: "Factors", floor: 2, imports: ["Core", "Secrets"],
            libraries: ["CFido2", "CGnuTLS", "COath", "CQRencode", "CZlib"]),
        Room(name: "HardwareKeys", floor: 2, imports: ["Core", "Secrets"], libraries: ["CP11Kit"]),
        Room(name: "Outbound", floor: 2, imports: ["Core", "Secrets"], libraries: ["CCurl"]),
        Room(name: "KeyServices", floor: 3, imports: ["Core", "Secrets", "Outbound"]),
        Room(name: "Audit", floor: 3, imports: ["Core", "Secrets", "Storage"]),
        Room(
            name: "Vault", floor: 4, imports: ["Core", "Secrets", "Storage", "Audit"],
            libraries: ["CPhoneNumber", "CIDN2"]),
        Room(name: "Consent", floor: 4, imports: ["Core", "Secrets", "Storage", "Audit"]),
        Room(name: "Accounts", floor: 4, imports: ["Core", "Secrets", "Storage", "Factors", "Audit"]),
        Room(
            name: "Gate", floor: 5,
            imports: ["Core", "Cedar", "Secrets", "Storage", "Audit", "Vault", "Consent", "Accounts"]),
        Room(
            name: "Ingest", floor: 6, imports: ["Core", "Secrets", "Storage", "Audit", "Vault", "Consent", "Gate"],
            libraries: ["CZlib"]),
        Room(name: "Activation", floor: 6, imports: ["Core", "Secrets", "Vault", "Gate"]),
        Room(
            name: "profilevault", floor: 7,
            imports: [
                "Core", "Cedar", "Samples", "Factors", "Secrets", "Storage", "Audit", "Vault", "Consent", "Accounts",
                "Gate",
                "Ingest", "Activation",
            ]),
        Room(name: "profilevault-conformance", floor: 7, imports: ["Cedar"]),
    ])

    /// What comes with the toolchain and the system.
    static let system: Set<String> = ["Darwin", "Dispatch", "Foundation", "Glibc", "Synchronization"]

    func room(_ name: String) -> Room? { rooms.first { $0.name == name } }

    /// Arrows of the table itself that go up or sideways, or lead nowhere.
    var crookedArrows: [String] {
        rooms.flatMap { room in
            room.imports.sorted().compactMap { name in
                guard let target = self.room(name) else { return "\(room.name) -> \(name): there is no such room" }
                return target.floor < room.floor ? nil : "\(room.name) -> \(name): not down"
            }
        }
    }
}
