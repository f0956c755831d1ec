import Datasets
import Diagnostics
import Files

/// The text of the input at `path`, and its document if that is not the text's: an empty `type_map`
/// in the text stands for the elements of the data at `dataPath`, sorted.
///
/// Throws `.missingInput`, `.configuration` for what is no JSON, and `.data` for data that name no
/// elements.
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
