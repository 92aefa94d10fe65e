package import Audit
package import Core
package import Storage

/// One person's consents as a store of personal data: the facts are kept as proof, the sealed evidence is not.
package struct PersonalConsents: PersonalStore {
    private let database: any Database

    package init(database: any Database) { self.database = database }

    package func describe(_ person: Subject) throws -> [StoreReport] {
        try database.read { try report(.held, evidence: .held, person, on: $0) }
    }

    /// Takes the evidence away; a record goes on naming its hash.
    package func erase(_ person: Subject, in change: Mutation) throws -> [StoreReport] {
        let reports = try report(.kept, evidence: .erased, person, on: change.connection)
        try change.connection.run(
            "UPDATE consent_record SET evidence = NULL WHERE subject = $1 AND evidence IS NOT NULL",
            .integer(person.number))
        return reports
    }

    private func report(
        _ act: StoreReport.Act, evidence: StoreReport.Act, _ person: Subject, on connection: any Connection
    ) throws -> [StoreReport] {
        let heads = try connection.first(
            "SELECT count(*) FROM consent_head WHERE subject = $1", .integer(person.number)
        ) { try $0.int(at: 0) }
        let records = try connection.first(
            "SELECT count(*), count(evidence) FROM consent_record WHERE subject = $1", .integer(person.number)
        ) { (try $0.int(at: 0), try $0.int(at: 1)) }
        return [
            StoreReport("consent_head", .retained, act, items: heads),
            StoreReport("consent_record", .retained, act, items: records?.0),
            StoreReport("consent_record.evidence", .sealedByProfileKey, evidence, items: records?.1),
        ]
    }
}
