import Datasets
import Diagnostics
import Files

/// Reads the input at `path` and completes an empty `type_map` from the data at `dataPath`.
///
/// `text` is the text of the file.  If its `type_map` is an empty list, `completed` is the document
/// with the sorted elements of the data as `type_map`; otherwise it is nil.  Throws
/// `.missingInput`, `.configuration` for a text that is not JSON, `.data` for data that name no
/// elements, and the errors of opening the data.
public func completedInput(
  contentsOf path: String, for dataPath: String
) throws -> (text: String, completed: JSONValue?) {
  let bytes = try contents(ofFile: path), text = String(decoding: bytes, as: UTF8.self)
  var input = try JSONValue(
    parsing: bytes, at: path, kind: .configuration, allowingComments: true)
  guard input["model"]?["type_map"] == [] else { return (text, nil) }
  var cache = DataCache(limit: 0)
  let data = try DataDescription(openSystems(at: [dataPath], cache: &cache), validationFrames: 0)
  input.set(["model", "type_map"], to: .strings(data.elements))
  return (text, input)
}
