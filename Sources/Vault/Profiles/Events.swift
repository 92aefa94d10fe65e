package import Audit
package import Core
package import Secrets
package import Storage

/// One thing a person did, unsealed.
package struct Event: Sendable, Equatable {
    /// `Order Completed`, `Page Viewed` …
    package let type: String
    package let time: Timestamp
    /// The source said when; otherwise `time` is when the event came.
    package let isTimeGiven: Bool
    package let source: String
    /// What names the event within its source; `nil` when only its content does.
    package let identity: [UInt8]?
    package let properties: JSONObject

    package init(
        type: String, time: Timestamp, isTimeGiven: Bool, source: String, identity: [UInt8]?, properties: JSONObject
    ) {
        self.type = type
        self.time = time
        self.isTimeGiven = isTimeGiven
        self.source = source
        self.identity = identity
        self.properties = properties
    }

    /// The JSON that is sealed.
    var encoded: [UInt8] {
        var object = JSONObject()
        object["type"] = JSON(type)
        object[isTimeGiven ? "time" : "received"] = JSON(time.description)
        object["source"] = JSON(source)
        if let identity { object["identity"] = JSON(hex(identity)) }
        object["properties"] = JSON.object(properties).sortedKeys
        return JSON.object(object).bytes()
    }

    /// Reads what `encoded` wrote; `nil` when it is something else.
    package init?(decoding bytes: [UInt8]) {
        guard let json = try? JSON(parsing: bytes), let type = json["type"]?.string,
            let text = (json["time"] ?? json["received"])?.string, let time = Timestamp(text),
            let source = json["source"]?.string, let properties = json["properties"]?.object
        else { return nil }
        self.init(
            type: type, time: time, isTimeGiven: json["time"] != nil, source: source,
            identity: json["identity"]?.string.flatMap { Core.bytes(hex: $0) }, properties: properties)
    }

    /// What makes two events of a person the same: their name within the source, or all they say.
    var sameness: [UInt8] {
        var writer = ByteWriter()
        writer.writeCounted(source)
        if let identity {
            writer.write(UInt8(1))
            writer.writeCounted(identity)
        } else {
            writer.write(UInt8(0))
            writer.writeCounted(type)
            writer.write(isTimeGiven ? time.milliseconds : Int64.min)
            writer.writeCounted(JSON.object(properties).sortedKeys.bytes())
        }
        return writer.bytes
    }
}

/// The events of the vault: type, time and properties sealed together under the person's key.
package final class Events: Sendable {
    package static let tables = [
        TableDeclaration(
            "event", in: .data, .sealedByProfileKey,
            purpose: "what people did, sealed whole; shows how many events a person has and when each was stored",
            definition: [
                """
                CREATE TABLE event (
                    number INTEGER PRIMARY KEY, profile INTEGER NOT NULL, id BLOB NOT NULL, key_id INTEGER NOT NULL,
                    body BLOB NOT NULL)
                """,
                "CREATE INDEX event_profile ON event (profile)",
            ])
    ]

    /// A sealed event ready to be stored.
    package struct Sealed: Sendable {
        package let subject: Subject
        package let id: EventID
        package let keyID: UInt32
        package let body: [UInt8]
    }

    let database: any Database

    package init(database: any Database) { self.database = database }

    /// What the cell of an event is bound to.
    package static func binding(_ id: EventID, of subject: Subject, keyID: UInt32) -> CellBinding {
        CellBinding(
            tenant: subject.tenant, profile: subject.id, kind: .event, record: id, field: 0, revision: 1, keyID: keyID,
            schemaVersion: 0)
    }

    package static func seal(
        _ event: Event, of subject: Subject, with entry: ProfileKeyring.Entry, at time: Timestamp
    ) -> Sealed {
        let id = EventID(at: time, random: Random.words())
        let body = Sealer(entry.key).seal(
            event.encoded, binding: binding(id, of: subject, keyID: entry.keyID))
        return Sealed(subject: subject, id: id, keyID: entry.keyID, body: body)
    }

    package func insert(_ events: [Sealed], in mutation: Mutation) throws {
        let insert = try mutation.connection.prepared(
            "INSERT INTO event (profile, id, key_id, body) VALUES ($1, $2, $3, $4)")
        for event in events {
            try insert.bind(event.subject.number, at: 1)
            try insert.bind(event.id.bytes, at: 2)
            try insert.bind(Int64(event.keyID), at: 3)
            try insert.bind(event.body, at: 4)
            try insert.run()
        }
    }

    /// A stored event, unopened.
    package struct Stored: Sendable {
        /// The row number of the person.
        package let profile: Int64
        package let id: EventID
        package let keyID: UInt32
        package let body: [UInt8]
    }

    /// Lends the events of a tenant's people after `number` in order, at most `limit` of them, and returns the last
    /// number seen.
    package func rows(
        after number: Int64, of tenant: TenantID, limit: Int, on connection: any Connection,
        _ body: (Stored) throws -> Void
    ) throws -> Int64? {
        var last: Int64?
        try connection.query(
            """
            SELECT event.number, event.profile, event.id, event.key_id, event.body
            FROM event JOIN profile ON profile.number = event.profile
            WHERE event.number > $1 AND profile.tenant = $2 ORDER BY event.number LIMIT $3
            """, .integer(number), .integer(tenant.number), .integer(limit)
        ) { row in
            last = try row.int64(at: 0)
            guard let id = EventID(bytes: try row.blob(at: 2)), let keyID = UInt32(exactly: try row.int64(at: 3)) else {
                throw VaultError(VaultError.recordMalformed, "an event's row is not in a known format")
            }
            try body(Stored(profile: try row.int64(at: 1), id: id, keyID: keyID, body: try row.blob(at: 4)))
        }
        return last
    }

    /// Lends one person's events after `number` in order, at most `limit` of them, and returns the last number seen.
    package func rows(
        of person: Subject, after number: Int64, limit: Int, _ body: (Stored) throws -> Void
    ) throws -> Int64? {
        var last: Int64?
        try database.read { connection in
            try connection.query(
                """
                SELECT number, id, key_id, body FROM event WHERE profile = $1 AND number > $2 ORDER BY number LIMIT $3
                """, .integer(person.number), .integer(number), .integer(limit)
            ) { row in
                last = try row.int64(at: 0)
                guard let id = EventID(bytes: try row.blob(at: 1)), let keyID = UInt32(exactly: try row.int64(at: 2))
                else { throw VaultError(VaultError.recordMalformed, "an event's row is not in a known format") }
                try body(Stored(profile: person.number, id: id, keyID: keyID, body: try row.blob(at: 3)))
            }
        }
        return last
    }

    /// How many events are stored.
    package func count(on connection: any Connection) throws -> Int {
        try connection.first("SELECT count(*) FROM event") { try $0.int(at: 0) } ?? 0
    }
}
