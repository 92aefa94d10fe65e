/// The variables of a process's environment, which come in as a value: nothing here reads the process's own.
extension [String: String] {
    /// The variable's value; `nil` also where it is set to nothing.
    func value(of name: String) -> String? {
        guard let value = self[name], !value.isEmpty else { return nil }
        return value
    }
}
