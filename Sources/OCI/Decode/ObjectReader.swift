// Reads the properties of one object, and remembers which there are, to report the others.
import JSON
import Linux

/// The properties of a JSON object while a `SpecObject` reads them. The calls made are the table of known names.
public struct ObjectReader {
    private let object: JSONValue
    private let findings: Findings?
    private var known: [StaticString] = []

    init(_ object: JSONValue, findings: Findings?) {
        self.object = object
        self.findings = findings
    }

    /// Reads a property into `field`, which stays as it is where the property is absent or `null`.
    public mutating func read<Value: SpecValue>(
        _ name: StaticString, into field: inout Value, required: Bool = false
    ) throws(SpecError) {
        guard let value = member(name) else {
            if required {
                try fail(SpecError(pointer: pointer(to: name), message: "is required but missing"))
            }
            return
        }
        field = try Value.decode(value, findings: findings)
    }

    /// Reads a property that may be absent.
    public mutating func read<Value: SpecValue>(
        _ name: StaticString, into field: inout Value?
    ) throws(SpecError) {
        guard let value = member(name) else { return }
        field = try Value.decode(value, findings: findings)
    }

    /// Reads a string that may be absent; an empty one asks for nothing and is absent too.
    public mutating func read(_ name: StaticString, into field: inout String?) throws(SpecError) {
        guard let value = member(name) else { return }
        let text = try String.decode(value, findings: findings)
        field = text.isEmpty ? nil : text
    }

    /// Names of the schema that mean nothing on Linux.
    public mutating func ignore(_ names: StaticString...) {
        if findings != nil { known += names }
    }

    private mutating func member(_ name: StaticString) -> JSONValue? {
        if findings != nil { known.append(name) }
        return object[name]
    }

    private func fail(_ error: SpecError) throws(SpecError) {
        guard let findings else { throw error }
        findings.add(error)
    }

    private func pointer(to name: StaticString) -> String {
        JSONPointer.appending("\(name)", to: object.pointer)
    }

    /// Properties that no call has asked for are warnings: they "MUST be ignored" (config.md, Extensibility).
    func reportUnknown() {
        guard let findings else { return }
        let names = known.map { "\($0)" }
        object.forEachMember { key, _ in
            if names.contains(key) { return }
            findings.add(
                Problem(
                    severity: .warning, pointer: JSONPointer.appending(key, to: object.pointer),
                    message: "unknown property \"\(key)\" is ignored", hint: didYouMean(key, in: names),
                    rule: "unknown-property"))
        }
    }
}

/// The hint that names the nearest valid name; nil when nothing is near.
func didYouMean(_ name: String, in names: [String]) -> String? {
    nearest(name, in: names).map { "did you mean \"\($0)\"?" }
}
