package import Core
package import Secrets
package import Storage
package import Audit

/// The fields a profile may have, each with the number its cells are bound to.
package struct ProfileSchema: Sendable {
    /// One field with its number.
    package final class Field: Sendable {
        /// Given once by the vault and never to another name.
        package let number: UInt16
        package let definition: FieldDefinition

        package init(number: UInt16, definition: FieldDefinition) {
            self.number = number
            self.definition = definition
        }

        package var name: String { definition.name }
    }

    /// In the order of the policy set.
    package let fields: [Field]
    /// The fields people are looked up by, best first.
    package let identifiers: [Field]
    /// Grows with every activated policy set; cells say under which one they were sealed.
    package let version: UInt16
    private let byName: [String: Int]
    private let byNumber: [UInt16: Int]

    package init(fields: [Field], version: UInt16) {
        self.fields = fields
        self.version = version
        identifiers = fields.filter { $0.definition.isIdentifier }
            .sorted { ($0.definition.identifierRank ?? 0) < ($1.definition.identifierRank ?? 0) }
        byName = Dictionary(uniqueKeysWithValues: fields.enumerated().map { ($1.name, $0) })
        byNumber = Dictionary(uniqueKeysWithValues: fields.enumerated().map { ($1.number, $0) })
    }

    package subscript(name: String) -> Field? { byName[name].map { fields[$0] } }
    package subscript(number number: UInt16) -> Field? { byNumber[number].map { fields[$0] } }

    /// Where the field stands in `fields`.
    package func position(of field: Field) -> Int { byNumber[field.number] ?? 0 }

    /// The field, or a usage error that names it.
    package func require(_ name: String) throws(VaultError) -> Field {
        guard let field = self[name] else {
            throw VaultError(
                VaultError.unknownField, "there is no field `\(name)`",
                remedy: "the fields are \(fields.map(\.name).joined(separator: ", "))")
        }
        return field
    }

    /// Reads the definitions of `policies/schema.json`.
    ///
    /// - Returns: the definitions that can be read, and all that is wrong: at most one thing a field.
    package static func read(_ json: JSON) -> (definitions: [FieldDefinition], problems: [JSONShapeError]) {
        var definitions: [FieldDefinition] = []
        var problems: [JSONShapeError] = []
        var names: Set<String> = []
        var ranks: Set<Int> = []
        do throws(JSONShapeError) {
            var file = try JSONFields(json, at: "")
            let elements = try file.array("fields")
            for (index, element) in elements.enumerated() {
                do throws(JSONShapeError) {
                    let definition = try FieldDefinition(element, at: "fields[\(index)]")
                    guard names.insert(definition.name).inserted else {
                        throw JSONShapeError(path: "fields[\(index)].name", reason: "is used twice")
                    }
                    if let rank = definition.identifierRank, !ranks.insert(rank).inserted {
                        throw JSONShapeError(
                            path: "fields[\(index)].identifier", reason: "has a rank that is used twice")
                    }
                    definitions.append(definition)
                } catch {
                    problems.append(error)
                }
            }
            try file.finish()
            guard !ranks.isEmpty || !problems.isEmpty else {
                throw JSONShapeError(path: "fields", reason: "must have at least one with `identifier`")
            }
        } catch {
            problems.append(error)
        }
        return (definitions, problems)
    }

    /// The definitions, or the first thing that is wrong with them.
    package static func definitions(_ json: JSON) throws(JSONShapeError) -> [FieldDefinition] {
        let (definitions, problems) = read(json)
        if let first = problems.first { throw first }
        return definitions
    }
}

/// The numbers that fields have been given, for ever.
package struct FieldNumbers: Sendable {
    package static let tables = [
        TableDeclaration(
            "field", in: .data, .operational,
            purpose: "the number of each field name; shows the names of fields",
            definition: [
                "CREATE TABLE field (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, mac BLOB NOT NULL)"
            ])
    ]

    private let key: AuthenticationKey

    package init(key: AuthenticationKey) { self.key = key }

    /// Gives numbers to names that have none yet.
    package func assign(_ names: [String], in mutation: Mutation) throws {
        let known = try numbers(on: mutation.connection)
        var next = (known.values.max() ?? 0) + 1
        for name in names where known[name] == nil {
            try mutation.connection.run(
                "INSERT INTO field (number, name, mac) VALUES ($1, $2, $3)", .integer(Int64(next)), .text(name),
                .blob(mac(next, name)))
            mutation.changed(.row(.field, UInt64(next), digest: mac(next, name)))
            next += 1
        }
    }

    /// The schema of a policy set's definitions, whose names all have numbers.
    package func schema(
        of definitions: [FieldDefinition], version: UInt16, on connection: any Connection
    ) throws -> ProfileSchema {
        let known = try numbers(on: connection)
        return ProfileSchema(
            fields: try definitions.map { definition in
                guard let number = known[definition.name] else {
                    throw VaultError(
                        VaultError.schemaMalformed, "the field `\(definition.name)` has no number",
                        remedy: "activate the policy set again")
                }
                return ProfileSchema.Field(number: number, definition: definition)
            }, version: version)
    }

    /// How many names have a number.
    package func count(on connection: any Connection) throws -> UInt64 {
        try connection.first("SELECT count(*) FROM field") { UInt64(try $0.int(at: 0)) } ?? 0
    }

    /// Holds every field's number against what the log knows of it.
    package func verify(on connection: any Connection, against heads: inout HeadMap) throws -> [AuditError] {
        var rows: [StoredRow] = []
        try connection.query("SELECT number, name, mac FROM field ORDER BY number") { row in
            let name = try row.text(at: 1)
            let stored = try row.blob(at: 2)
            let number = UInt16(clamping: try row.int64(at: 0))
            let isOurs = equalInConstantTime(stored, mac(number, name))
            rows.append(
                StoredRow(
                    id: UniqueID(high: 0, low: UInt64(number)), name: "the number of field `\(name)`",
                    head: isOurs ? .row(.field, UInt64(number), digest: stored) : nil))
        }
        return heads.compare(.field, rows) { id in "field number \(id.low)" }
    }

    private func numbers(on connection: any Connection) throws -> [String: UInt16] {
        var known: [String: UInt16] = [:]
        try connection.query("SELECT number, name, mac FROM field") { row in
            let name = try row.text(at: 1)
            guard let number = UInt16(exactly: try row.int64(at: 0)),
                equalInConstantTime(try row.blob(at: 2), mac(number, name))
            else {
                throw VaultError(
                    VaultError.headerMalformed, "the numbers of the fields are not as the vault wrote them",
                    remedy: VaultError.doctor)
            }
            known[name] = number
        }
        return known
    }

    private func mac(_ number: UInt16, _ name: String) -> [UInt8] {
        let hash = BLAKE2b(key: key, length: 16)
        hash.update("field v1")
        hash.update(number)
        hash.update(Array(name.utf8))
        return hash.finish()
    }
}
