import Files
import ForeignModels
import Foundation
import HDF5
import Models
import TestSupport
import Testing

/// `value` with the arrays of `file` in place of their paths, as lists of lists.
private func inlined(_ value: JSONValue, _ file: borrowing HDF5File) throws -> JSONValue {
  switch value {
  case .array(let elements):
    var list: [JSONValue] = []
    for element in elements { list.append(try inlined(element, file)) }
    return .array(list)
  case .object(let members):
    var changed: [String: JSONValue] = [:]
    for (key, member) in members {
      guard key == "@variables", case .object(let arrays) = member else {
        changed[key] = try inlined(member, file)
        continue
      }
      var variables: [String: JSONValue] = [:]
      for (name, path) in arrays {
        guard let path = path.text else { continue }
        let (values, shape, _) = try file.array(path)
        variables[name] = [
          "@class": "np.ndarray", "@version": 1, "dtype": "float64",
          "value": nested(values[...], shape),
        ]
      }
      changed[key] = .object(variables)
    }
    return .object(changed)
  default: return value
  }
}

private func nested(_ values: ArraySlice<Double>, _ shape: [Int]) -> JSONValue {
  guard let extent = shape.first else { return .number(values[values.startIndex]) }
  let width = values.count / max(extent, 1)
  return .array(
    (0..<extent).map {
      let start = values.startIndex + $0 * width
      return nested(values[start..<start + width], Array(shape.dropFirst()))
    })
}

struct CompiledModelTests {
  @Test func `the model beside compiled code is read`() throws {
    let path = fixtures.appending(path: "se_e2_a_twoside.dp").path
    let file = try HDF5File(reading: path)
    let text = try #require(try file.stringAttribute("json", of: "/"))
    let tree = try inlined(JSONValue(parsing: text.utf8, at: path), file)
    let bytes = archive([
      ("model/data/model.so", [1, 2, 3]), ("model/extra/model.json", Array(tree.serialized.utf8)),
      ("model/extra/model_def_script.json", Array(#"{"info": 7}"#.utf8)),
    ])
    var choice = ModelChoice()
    choice.ignoresChecksums = true
    let model = try StoredModel.read(bytes, name: "model.pt2", choice)
    #expect(model.model == (try StoredModel.read(path).model))
    #expect(model.definition["info"] == 7)
  }

  @Test func `the file that DeePMD-kit wrote is read`() throws {
    let stored = try StoredModel.read(
      fixtures.appending(path: "foreign/pt2_se_e2_a.pt2").path)
    let original = fixtures.appending(path: "se_e2_a_oneside.dp").path
    #expect(stored.model == (try StoredModel.read(original).model))
    #expect(stored.definition["type_map"] == ["O", "H"])
  }

  @Test func `compiled code without a model is refused`() throws {
    let bytes = archive([("model/data/model.so", [1, 2, 3])])
    let error = #expect(throws: (any Error).self) {
      try ForeignModel(bytes, name: "model.pt2")
    }
    #expect("\(error as Any)".contains("without the model"))
  }
}
