import Files
import Kernels

extension Bool: KeyValue {
  package var json: JSONValue { .bool(self) }
}

extension Int: KeyValue {
  package var json: JSONValue { .integer(self) }
}

extension Double: KeyValue {
  package var json: JSONValue { .number(self) }
}

extension Activation: KeyValue {
  package var json: JSONValue { .string(name) }
}

extension Precision: KeyValue {
  package var json: JSONValue { .string(rawValue) }
}

extension Array: KeyValue where Element: KeyValue {
  package var json: JSONValue { .array(map(\.json)) }
}

extension Optional: KeyValue where Wrapped: KeyValue {
  package var json: JSONValue { self?.json ?? .null }
}
