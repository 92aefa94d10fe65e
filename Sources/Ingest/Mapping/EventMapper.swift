import Core
import Vault

/// Makes events of the rows of a row-per-event source.
struct EventMapper {
    private let rule: EventRule
    private let base: StandardForm.Options
    private let timeOptions: StandardForm.Options
    private let propertyOptions: [StandardForm.Options]
    private var places: [String: Int] = [:]
    private var known = 0
    /// How often each identity occurred within the current value of the first id column.
    private var repeats: [[UInt8]: UInt32] = [:]
    private var group: [UInt8] = []

    init(_ rule: EventRule, base: StandardForm.Options) {
        self.rule = rule
        self.base = base
        timeOptions = rule.time?.hints.applied(to: base) ?? base
        propertyOptions = rule.properties.map { $0.hints.applied(to: base) }
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
        for place in known..<columns.count { places[columns[place]] = place }
        known = columns.count
    }

    mutating func event(of record: InputRecord) throws(Rejection) -> MappedRow.Event {
        let type = try type(of: record)
        let time = try rule.time.map { time throws(Rejection) in try moment(time, record) } ?? nil
        var properties = JSONObject()
        for (property, options) in zip(rule.properties, propertyOptions) {
            if let value = try value(property, options, record) { properties[property.name] = value }
        }
        return MappedRow.Event(type: type, time: time, identity: identity(of: record, type), properties: properties)
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

    private func moment(_ time: PropertyRule, _ record: InputRecord) throws(Rejection) -> Timestamp? {
        let raw = try clean(time.cleaning, time.column, record)
        return try standard(.timestamp, raw, timeOptions, time.column, record.line).flatMap { Timestamp($0) }
    }

    private func value(
        _ property: PropertyRule, _ options: StandardForm.Options, _ record: InputRecord
    ) throws(Rejection) -> JSON? {
        let raw = try clean(property.cleaning, property.column, record)
        guard let text = try standard(property.form, raw, options, property.column, record.line) else { return nil }
        switch property.form {
        case .boolean: return .bool(text == "true")
        case .integer, .decimal: return JSONNumber(literal: text).map(JSON.number)
        default: return .string(text)
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
        guard let first = rule.id.first else { return nil }
        var writer = ByteWriter()
        writer.writeCounted(type)
        for column in rule.id { writer.writeCounted(raw(column, record)) }
        guard rule.countsRepeats else { return writer.bytes }
        let group = raw(first, record)
        if !self.group.elementsEqual(group) || repeats.count >= 100_000 {
            self.group = Array(group)
            repeats = [:]
        }
        let earlier = repeats[writer.bytes, default: 0]
        repeats[writer.bytes] = earlier + 1
        writer.write(earlier)
        return writer.bytes
    }
}
