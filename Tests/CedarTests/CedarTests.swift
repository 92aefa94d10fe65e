import Testing

@testable import Cedar
