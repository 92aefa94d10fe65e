import Core
import Vault

/// Applies a map file to rows.
struct Mapper {
    /// A column's rule, found once and not once a row.
    private final class Bound {
        let column: MappedColumn
        let rule: ColumnRule
        let hints: ColumnHints
        let onlyTrims: Bool

        init(_ column: MappedColumn, _ rule: ColumnRule, _ hints: ColumnHints) {
            self.column = column
            self.rule = rule
            self.hints = hints
            onlyTrims = rule.cleaning.onlyTrims
        }
    }

    private let map: MapFile
    private let base: StandardForm.Options
    private let plain: ColumnHints
    private var bound: [Bound] = []
    private var fed: [String: MappedColumn] = [:]
    /// When the consents of a row were given; `nil` before such a column was met.
    private var consentTime: (column: MappedColumn, place: Int, reading: MomentColumn)?
    private var events: EventMapper?
    /// Columns that the map uses otherwise than as fields.
    private let used: Set<String>

    /// Whether an apostrophe before what looks like a formula is the guard of a spreadsheet and no part of the value.
    private let hasGuards: Bool

    /// `region` is the tenant's, for maps that name none.
    init(_ map: MapFile, region: String, hasGuards: Bool) {
        self.map = map
        self.hasGuards = hasGuards
        base = map.hints.applied(to: StandardForm.Options(region: region))
        plain = ColumnHints(base, isRegionGiven: map.hints.region != nil)
        var used = map.event.map(EventMapper.columns(of:)) ?? []
        if let consentTime = map.consentTime { used.insert(consentTime.column) }
        self.used = used
        events = map.event.map { EventMapper($0, base: base) }
    }

    /// Finds the rules of columns that are new.
    ///
    /// - Parameters:
    ///   - columns: all columns known by now, in the order of earlier calls.
    ///   - complete: whether no more will come, so that the map may not name others.
    /// - Throws: the column that is missing, not allowed, or feeds a field that another feeds.
    mutating func bind(_ columns: [String], complete: Bool) throws(IngestError) {
        for name in columns.dropFirst(bound.count) {
            let column = MappedColumn(
                name, number: bound.count + 1,
                isDeclared: map.columns[name] != nil || map.header?.contains(name) == true)
            let rule = try rule(for: column)
            if case .field(let field) = rule.target, let other = fed.updateValue(column, forKey: field) {
                throw IngestError(
                    .mapMismatch, "\(other.text) and \(column.text) both give the same field",
                    remedy: "let the map file ignore one of them")
            }
            try bindConsentTime(column)
            let isRegionGiven = rule.hints.region != nil || map.hints.region != nil
            bound.append(
                Bound(column, rule, ColumnHints(rule.hints.applied(to: base), isRegionGiven: isRegionGiven)))
        }
        events?.bind(columns)
        guard complete else { return }
        let named = used.union(map.columns.keys)
        for column in named.sorted() where !columns.contains(column) {
            throw IngestError(
                .mapMismatch, "the map file names a column `\(column)` that the input does not have",
                remedy: "names are compared exactly, case included")
        }
    }

    /// Finds out whether a column says when consents were given.
    private mutating func bindConsentTime(_ column: MappedColumn) throws(IngestError) {
        let rule: PropertyRule
        if let named = map.consentTime, named.column == column.name {
            rule = named
        } else if isPlain(column.name), Self.fieldName(column.name) == Self.consentTimeName {
            rule = PropertyRule(name: Self.consentTimeName, column: column.name, form: .timestamp)
        } else {
            return
        }
        if let other = consentTime?.column {
            throw IngestError(
                .mapMismatch, "\(other.text) and \(column.text) both say when consents were given",
                remedy: "let the map file ignore one of them")
        }
        consentTime = (column, bound.count, MomentColumn(rule, base: base, name: column.shownName))
    }

    /// What the column is called that says when consents were given, where no map file says otherwise.
    private static let consentTimeName = "consent_time"

    /// Whether a column means what it is called.
    private func isPlain(_ name: String) -> Bool {
        map.unlisted == .fields && map.columns[name] == nil && !used.contains(name)
    }

    private static func fieldName(_ column: String) -> String {
        String(column.lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 })
    }

    private func rule(for column: MappedColumn) throws(IngestError) -> ColumnRule {
        if let rule = map.columns[column.name] { return rule }
        if used.contains(column.name) { return ColumnRule(target: .ignored) }
        switch map.unlisted {
        case .ignore: return ColumnRule(target: .ignored)
        case .refuse:
            throw IngestError(
                .mapMismatch, "the map file does not name \(column.text) of the input",
                remedy: "list it under `columns`, or choose another `unlisted`")
        case .fields:
            let name = Self.fieldName(column.name)
            // Exports say so whose row it is; another vault has other ids.
            if name.isEmpty || name == "profile" || name == Self.consentTimeName {
                return ColumnRule(target: .ignored)
            }
            return ColumnRule(
                target: name.hasPrefix("consent_") ? .consent(purpose: String(name.dropFirst(8))) : .field(name))
        }
    }

    /// The row's values; blank ones are left out.
    mutating func map(_ record: InputRecord) throws(Rejection) -> MappedRow {
        var row = MappedRow(line: record.line)
        row.fields.reserveCapacity(bound.count + map.constants.count)
        for (place, bound) in self.bound.enumerated() {
            let isIgnored = bound.rule.target == .ignored
            if isIgnored, !bound.rule.required { continue }
            let raw: ArraySlice<UInt8>
            do throws(RejectionCode.Thrown) {
                raw = try bound.onlyTrims ? Cleaning.trimmed(record[place]) : bound.rule.cleaning.clean(record[place])
            } catch {
                throw Rejection(line: record.line, column: bound.column.shownName, error.code)
            }
            if raw.isEmpty, bound.rule.required {
                throw Rejection(line: record.line, column: bound.column.shownName, .valueMissing)
            }
            switch bound.rule.target {
            case .ignored: continue
            case .field(let name):
                if raw.isEmpty { continue }
                let value = hasGuards ? FormulaGuard.removed(from: raw) : raw
                row.fields.append(MappedRow.Field(name: name, column: bound.column, raw: value, hints: bound.hints))
            case .consent(let purpose):
                row.consents.append((purpose, bound.column, try consent(raw, bound.column.shownName, record.line)))
            }
        }
        for constant in map.constants {
            row.fields.append(
                MappedRow.Field(name: constant.field, column: nil, raw: constant.value[...], hints: plain))
        }
        if let consentTime, row.consents.contains(where: { $0.mark != .blank }) {
            let moment = try consentTime.reading.moment(record[consentTime.place], line: record.line)
            row.consentTime = moment.map { ($0, consentTime.column) }
        }
        row.event = try events?.event(of: record)
        return row
    }

    private func consent(
        _ raw: ArraySlice<UInt8>, _ column: String, _ line: Int
    ) throws(Rejection) -> MappedRow.ConsentMark {
        do throws(StandardFormError) {
            switch try StandardForm.boolean.standardise(raw) {
            case "true": return .yes
            case "false": return .no
            default: return .blank
            }
        } catch {
            throw Rejection(line: line, column: column, .consentUnreadable)
        }
    }
}
