import Diagnostics

/// Whether `body` throws a `ToolError` of `kind`, the first one counting where several are thrown.
public func fails<Result>(as kind: ToolError.Kind, _ body: () throws -> Result) -> Bool {
  do {
    _ = try body()
    return false
  } catch let error as ToolError {
    return error.kind == kind
  } catch let errors as ToolErrors {
    return errors.errors[0].kind == kind
  } catch {
    return false
  }
}
