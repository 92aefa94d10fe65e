import Consent
import Core
import Gate
import Secrets
import Vault

/// Brings mapped rows into standard form and makes the digests they are looked up by.
///
/// For one thread: it remembers which field stood where in the row before.
struct RowStandardiser: Sendable {
    private let schema: ProfileSchema
    private let purposes: Purposes
    private let indexes: [UInt16: BlindIndex]
    private let source: String
    private let gate: Gate
    private let now: Timestamp
    /// Gate time, not older than what the newest consent needs.
    private var latest: Timestamp
    private let today: CalendarDate?
    private let countryFields: [String]
    private var places: [ProfileSchema.Field?] = []

    init(gate: Gate, keys: TenantKeys, source: String, now: Timestamp) throws {
        schema = gate.schema
        purposes = gate.policies.purposes
        var indexes: [UInt16: BlindIndex] = [:]
        for field in schema.identifiers { indexes[field.number] = try keys.index(ofField: field.number) }
        self.indexes = indexes
        countryFields = schema.fields.filter { $0.definition.form == .country }.map(\.name)
        self.source = source
        self.gate = gate
        self.now = now
        latest = now
        today = CalendarDate(String(now.description.prefix(10)))
    }

    /// - Returns: the row, or why it is not taken: the first value that has no standard form, or nobody to attach it to.
    /// - Throws: when a column is no field or purpose of the vault at all.
    mutating func standardise(_ mapped: MappedRow) throws(IngestError) -> Result<StandardRow, Rejection> {
        var values: [StandardRow.Value] = []
        values.reserveCapacity(mapped.fields.count)
        for (place, raw) in mapped.fields.enumerated() {
            guard let field = field(raw.name, at: place) else { throw Self.unknown("field", raw.name, raw.column) }
            do throws(StandardFormError) {
                guard let value = try field.definition.form.standardise(raw.raw, options(raw, field, of: mapped))
                else { continue }
                values.append(StandardRow.Value(field: field, value: value))
            } catch {
                return .failure(Rejection(line: mapped.line, column: raw.column?.name, RejectionCode(error)))
            }
        }
        var consents: [StandardRow.Consent] = []
        for consent in mapped.consents {
            guard let purpose = purposes[consent.purpose] else {
                throw Self.unknown("purpose", consent.purpose, consent.column)
            }
            guard purpose.basis == .consent else { throw Self.notOnConsent(purpose, consent.column) }
            guard consent.mark != .blank else { continue }
            consents.append(StandardRow.Consent(purpose: consent.purpose, granted: consent.mark == .yes))
        }
        let consentTime: Timestamp?
        do throws(Rejection) {
            consentTime = try self.consentTime(of: mapped)
        } catch {
            return .failure(error)
        }
        let identifiers = identifiers(of: values)
        guard !identifiers.isEmpty else { return .failure(Rejection(line: mapped.line, .identifierMissing)) }
        return .success(
            StandardRow(
                line: mapped.line, values: values, identifiers: identifiers, consents: consents,
                consentTime: consentTime, event: mapped.event.map(event)))
    }

    /// When the row's answers were given: nobody can have given one that is still to come.
    ///
    /// What the clocks of two machines may differ by counts as now.
    private mutating func consentTime(of row: MappedRow) throws(Rejection) -> Timestamp? {
        guard let (moment, column) = row.consentTime else { return nil }
        guard moment > latest else { return moment }
        // A long input may tell of what happened after the import began.
        if moment > bound(latest) { latest = (try? gate.now()) ?? latest }
        guard moment <= bound(latest) else {
            throw Rejection(line: row.line, column: column.shownName, .consentTimeInFuture)
        }
        return min(moment, latest)
    }

    private func bound(_ time: Timestamp) -> Timestamp { time.adding(seconds: GateTime.toleranceSeconds) }

    /// Rows of one input name their fields in one order, as a rule.
    private mutating func field(_ name: String, at place: Int) -> ProfileSchema.Field? {
        if place < places.count, let likely = places[place], likely.name == name { return likely }
        let found = schema[name]
        if place >= places.count { places += Array(repeating: nil, count: place + 1 - places.count) }
        places[place] = found
        return found
    }

    private func options(
        _ raw: MappedRow.Field, _ field: ProfileSchema.Field, of row: MappedRow
    ) -> StandardForm.Options {
        let definition = field.definition
        let isLocal = definition.form == .phone && !raw.hints.isRegionGiven
        guard definition.pastOnly || isLocal else { return raw.hints.options }
        var options = raw.hints.options
        if definition.pastOnly { options.latest = today }
        if isLocal, let country = country(of: row) { options.region = country }
        return options
    }

    /// Where the row's person lives: people write their number as it is dialled at home.
    private func country(of row: MappedRow) -> String? {
        for raw in row.fields where countryFields.contains(raw.name) {
            // A country that cannot be read rejects the row by itself.
            return try? StandardForm.country.standardise(raw.raw, raw.hints.options)
        }
        return nil
    }

    private func identifiers(of values: [StandardRow.Value]) -> [StandardRow.Identifier] {
        schema.identifiers.compactMap { field in
            guard let value = values.first(where: { $0.field.number == field.number }),
                let index = indexes[field.number]
            else { return nil }
            let form = field.definition.form.lookupForm(of: value.value)
            return StandardRow.Identifier(field: field, lookupForm: form, entry: index.entry(form))
        }
    }

    private func event(_ mapped: MappedRow.Event) -> Event {
        Event(
            type: mapped.type, time: mapped.time ?? now, isTimeGiven: mapped.time != nil, source: source,
            identity: mapped.identity, properties: mapped.properties)
    }

    private static func notOnConsent(_ purpose: PurposeDefinition, _ column: MappedColumn) -> IngestError {
        IngestError(
            .mapMismatch,
            "\(column.text) gives consents to `\(purpose.name)`, which rests on `\(purpose.basis.rawValue)`, not on consent",
            remedy: "let a map file ignore the column; record an objection with `profilevault consent object`")
    }

    /// Why a name is no field or purpose; without a column, the map file gives it itself.
    private static func unknown(_ kind: String, _ name: String, _ column: MappedColumn?) -> IngestError {
        guard let column else {
            return IngestError(
                .mapMismatch, "the map file gives the \(kind) `\(name)`, which the vault does not have",
                remedy: "the fields and purposes are those of the policy set in force: `profilevault policy show`")
        }
        guard column.isShowable else {
            return IngestError(
                .mapMismatch, "\(column.text) gives a \(kind) that the vault does not have",
                remedy:
                    "its name is not shown, for it may be a value: see whether the input has a header; name the columns in a map file (--map)"
            )
        }
        return IngestError(
            .mapMismatch, "\(column.text) gives the \(kind) `\(name)`, which the vault does not have",
            remedy: "name its meaning in a map file (--map), or let it be ignored there; see docs/import.md")
    }
}

extension RejectionCode {
    /// Nothing in the row says whose it is.
    package static let identifierMissing = RejectionCode("identifier_missing")
    /// The row's consents are of a time that is still to come.
    package static let consentTimeInFuture = RejectionCode("consent_time_in_future")
}
