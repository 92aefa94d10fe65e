import Core
import Vault

/// Makes events of the rows of a row-per-event source.
struct EventMapper {
    /// A property with what is the same for every row.
    private final class Bound {
        let rule: PropertyRule
        let options: StandardForm.Options
        let onlyTrims: Bool

        init(_ rule: PropertyRule, base: StandardForm.Options) {
            self.rule = rule
            options = rule.hints.applied(to: base)
            onlyTrims = rule.cleaning.onlyTrims
        }
    }

    private let rule: EventRule
    private let base: StandardForm.Options
    private let time: MomentColumn?
    private let properties: [Bound]
    private var places: [String: Int] = [:]
    /// Where the time, each property and each id column are; `nil` before such a column was met.
    private var timePlace: Int?
    private var propertyPlaces: [Int?] = []
    private var idPlaces: [Int?] = []
    private var known = 0
    /// How often each identity occurred within the current value of the first id column.
    private var repeats: [[UInt8]: UInt32] = [:]
    private var group: [UInt8] = []

    init(_ rule: EventRule, base: StandardForm.Options) {
        self.rule = rule
        self.base = base
        time = rule.time.map { MomentColumn($0, base: base) }
        properties = rule.properties.map { Bound($0, base: base) }
    }

    /// Every column the rule reads.
    static func columns(of rule: EventRule) -> Set<String> {
        var columns = Set(rule.id + rule.properties.map(\.column))
        if let time = rule.time { columns.insert(time.column) }
        switch rule.kind {
        case .constant: break
        case .column(let column, _), .prefixes(let column, _, _): columns.insert(column)
        }
        return columns
    }

    mutating func bind(_ columns: [String]) {
        guard known < columns.count else { return }
        for place in known..<columns.count { places[columns[place]] = place }
        known = columns.count
        timePlace = rule.time.flatMap { places[$0.column] }
        propertyPlaces = rule.properties.map { places[$0.column] }
        idPlaces = rule.id.map { places[$0] }
    }

    mutating func event(of record: InputRecord) throws(Rejection) -> MappedRow.Event {
        let type = try type(of: record)
        var moment: Timestamp?
        if let time, let timePlace { moment = try time.moment(record[timePlace], line: record.line) }
        var values = JSONObject()
        for (property, place) in zip(properties, propertyPlaces) {
            if let place, let value = try value(property, record[place], record.line) {
                values[property.rule.name] = value
            }
        }
        return MappedRow.Event(type: type, time: moment, identity: identity(of: record, type), properties: values)
    }

    private func raw(_ column: String, _ record: InputRecord) -> ArraySlice<UInt8> {
        places[column].map { record[$0] } ?? []
    }

    private func clean(
        _ cleaning: Cleaning, _ column: String, _ record: InputRecord
    ) throws(Rejection) -> ArraySlice<UInt8> {
        do throws(RejectionCode.Thrown) {
            return try cleaning.clean(raw(column, record))
        } catch {
            throw Rejection(line: record.line, column: column, error.code)
        }
    }

    private func type(of record: InputRecord) throws(Rejection) -> String {
        switch rule.kind {
        case .constant(let type): return type
        case .prefixes(let column, let prefixes, let otherwise):
            let value = try clean(Cleaning(), column, record)
            return prefixes.first { value.starts(with: $0.prefix) }?.type ?? otherwise
        case .column(let column, let cleaning):
            let value = try clean(cleaning, column, record)
            guard let type = try standard(.text, value, base, column, record.line) else {
                throw Rejection(line: record.line, column: column, .eventTypeMissing)
            }
            return type
        }
    }

    private func value(_ property: Bound, _ raw: ArraySlice<UInt8>, _ line: Int) throws(Rejection) -> JSON? {
        let form = property.rule.form
        let raw = try clean(property, raw, line)
        guard let text = try standard(form, raw, property.options, property.rule.column, line) else { return nil }
        switch form {
        case .boolean: return .bool(text == "true")
        case .integer, .decimal: return JSONNumber(literal: text).map(JSON.number)
        default: return .string(text)
        }
    }

    private func clean(_ property: Bound, _ raw: ArraySlice<UInt8>, _ line: Int) throws(Rejection) -> ArraySlice<UInt8>
    {
        if property.onlyTrims { return Cleaning.trimmed(raw) }
        do throws(RejectionCode.Thrown) {
            return try property.rule.cleaning.clean(raw)
        } catch {
            throw Rejection(line: line, column: property.rule.column, error.code)
        }
    }

    private func standard(
        _ form: StandardForm, _ raw: ArraySlice<UInt8>, _ options: StandardForm.Options, _ column: String, _ line: Int
    ) throws(Rejection) -> String? {
        do throws(StandardFormError) {
            return try form.standardise(raw, options)
        } catch {
            throw Rejection(line: line, column: column, RejectionCode(error))
        }
    }

    /// The type and the id columns, each with its length before it; and how many the same came before, if that counts.
    private mutating func identity(of record: InputRecord, _ type: String) -> [UInt8]? {
        guard let first = idPlaces.first else { return nil }
        var identity: [UInt8] = []
        identity.reserveCapacity(128)
        Self.append(Array(type.utf8)[...], to: &identity)
        for place in idPlaces { Self.append(place.map { record[$0] } ?? [], to: &identity) }
        guard rule.countsRepeats else { return identity }
        let group = first.map { record[$0] } ?? []
        if !self.group.elementsEqual(group) || repeats.count >= 100_000 {
            self.group = Array(group)
            repeats.removeAll(keepingCapacity: true)
        }
        let earlier = repeats[identity, default: 0]
        repeats[identity] = earlier + 1
        Self.append(UInt32(earlier), to: &identity)
        return identity
    }

    private static func append(_ part: ArraySlice<UInt8>, to identity: inout [UInt8]) {
        append(UInt32(part.count), to: &identity)
        identity += part
    }

    private static func append(_ number: UInt32, to identity: inout [UInt8]) {
        for shift in [24, 16, 8, 0] as [UInt32] { identity.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }
}
