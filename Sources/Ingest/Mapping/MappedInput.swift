/// An input opened and understood: rows as the map file has them, and rejections for those it cannot have.
package struct MappedInput {
    private let source: ByteSource
    private var reader: any RecordReader
    private var mapper: Mapper
    /// Whether all columns are known before the first row.
    private let isCSV: Bool

    /// Opens the reader that the map names, or that the first byte suggests.
    ///
    /// - Parameters:
    ///   - source: where the bytes come from, opened with the map's `encoding`.
    ///   - map: what the columns mean.
    ///   - region: the tenant's, where the map names none.
    /// - Throws: when there is no header, or map and columns do not fit.
    package init(_ source: ByteSource, map: MapFile = MapFile(), region: String = "ZZ") throws(IngestError) {
        self.source = source
        let opening: ByteSource.Opening = try map.format == .csv ? .other : source.opening()
        guard opening != .array else {
            throw IngestError(
                .inputIsArray, "`\(source.name)` is one JSON array; what is read is one JSON object a line",
                remedy: "make lines of it, as in `jq -c '.[]' FILE`")
        }
        let isJSON = map.format == .jsonLines || opening == .object
        isCSV = !isJSON
        mapper = Mapper(map, region: region, hasGuards: isCSV)
        if isJSON {
            reader = JSONLinesReader(source)
        } else {
            reader = try CSVReader(source, delimiter: map.delimiter, header: map.header)
            try mapper.bind(reader.columns, complete: true)
        }
    }

    /// The columns' names; for JSON lines those seen so far.
    package var columns: [String] { reader.columns }
    /// As `ByteSource` has it.
    package var size: Int? { source.size }
    package var bytesRead: Int { source.bytesRead }
    /// How far in the file the last row ends: with `size`, how far the reading is.
    package var position: Int { source.position(before: reader.waiting) }

    /// The next row; `nil` at the end.
    ///
    /// - Throws: when reading cannot go on, or a column appears in JSON lines that the map does not allow.
    package mutating func next() throws(IngestError) -> Result<MappedRow, Rejection>? {
        switch try reader.next() {
        case nil: return nil
        case .rejected(let rejection): return .failure(rejection)
        case .record(let record):
            if !isCSV { try mapper.bind(reader.columns, complete: false) }
            do throws(Rejection) {
                return .success(try mapper.map(record))
            } catch {
                return .failure(error)
            }
        }
    }
}
