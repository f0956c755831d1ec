import DeepPotential
import Files
import Foundation
import HDF5
import Models
import TestSupport
import Testing

/// The fixture `name` with `old` in its JSON, which it must have, replaced by `new`, and ones for
/// all arrays, read as a model.
func readVariant(of name: String, replacing old: String, with new: String) throws -> EnergyModel {
  try readVariant(of: name, [(old, new)])
}

/// The same with several replacements, one after the other.
func readVariant(of name: String, _ replacements: [(old: String, new: String)]) throws
  -> EnergyModel
{
  let source = try HDF5File(reading: fixtures.appending(path: name).path)
  let text = try JSONValue(
    parsing: #require(try source.stringAttribute("json", of: "/")).utf8, at: "fixture"
  ).serialized
  var changed = text
  for (old, new) in replacements {
    try #require(changed.contains(old), "the fixture must have what is replaced")
    let next = changed.replacingOccurrences(of: old, with: new)
    try #require(next != changed || old == new, "the variant must differ from the fixture")
    changed = next
  }
  return try withTemporaryFolder { folder in
    let path = folder.appending(path: "variant.dp").path
    let file = try HDF5File(creating: path)
    try file.setAttribute("json", of: "/", to: changed)
    for member in try source.members(of: "/") {
      let shape = try source.shape(of: "/" + member.name)
      try file.write(
        Array(repeating: 1.0, count: shape.reduce(1, *)), shape: shape, to: "/" + member.name)
    }
    try file.close()
    return try StoredModel.read(path).model
  }
}
