extension [ConsentRecord] {
    /// The answer about one purpose that holds: the newest by when it was given, not by when it was recorded.
    package func newestAnswer(for purpose: String) -> (record: ConsentRecord, change: RecordedChange)? {
        var state = PurposeState(tag: PurposeDefinition.tag(of: purpose))
        var newest: (record: ConsentRecord, change: RecordedChange)?
        for record in self {
            for change in record.changes where change.state.isAnswer {
                guard change.purpose.utf8.elementsEqual(purpose.utf8) else { continue }
                let isOlder = state.isRefusalAfter(change.state, at: record.effective)
                state.apply(change, effective: record.effective)
                if !isOlder { newest = (record, change) }
            }
        }
        return newest
    }
}
