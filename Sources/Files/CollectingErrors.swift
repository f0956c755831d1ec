import Diagnostics

/// The results of `body` for all `items`; if there are `ToolError`s, throws all of them at once as
/// `ToolErrors`.
public func collectingErrors<Item, Value>(
  _ items: [Item], _ body: (Item) throws -> Value
) throws -> [Value] {
  var values: [Value] = [], errors: [ToolError] = []
  for item in items {
    do {
      values.append(try body(item))
    } catch let error as ToolError {
      errors.append(error)
    } catch let several as ToolErrors {
      errors += several.errors
    }
  }
  guard errors.isEmpty else { throw ToolErrors(errors) }
  return values
}
