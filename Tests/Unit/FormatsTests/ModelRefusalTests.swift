import Diagnostics
import Files
import Foundation
import HDF5
import Models
import TestSupport
import Testing

/// Reads a variant of a plain model.
private func readVariant(_ old: String, _ new: String) throws {
  _ = try readVariant(of: "se_e2_a_oneside.dp", replacing: old, with: new)
}

@Test(arguments: [
  (#""type":"se_e2_a","type_map""#, #""type":"dpa4","type_map""#, "descriptor 'dpa4'"),
  (#""type":"ener""#, #""type":"sezm_ener""#, "fitting net 'sezm_ener'"),
  (#""type":"standard""#, #""type":"frozen""#, "model type 'frozen'"),
  (#""@class":"Model""#, #""@class":"Modell""#, "expected 'Model'"),
  (
    #""@class":"Fitting","@variables""#, #""@class":"Fitting","new_key":1,"@variables""#,
    "not known"
  ),
  (#""use_aparam_as_mask":false"#, #""use_aparam_as_mask":true"#, "true is not supported"),
  (#""tot_ener_zero":false"#, #""tot_ener_zero":true"#, "true is not supported"),
  (#""dim_case_embd":0"#, #""dim_case_embd":2"#, "2 is not supported"),
  (#""default_fparam":null"#, #""default_fparam":["a"]"#, "as many as numb_fparam"),
  (#""layer_name":null"#, #""layer_name":["a","b"]"#, #"["a","b"] is not supported"#),
  (#""case_embd":null"#, #""case_embd":"/variable_0000""#, "is not supported"),
  (#""numb_fparam":0"#, #""numb_fparam":9223372036854775807"#, "from 0 to 65536"),
  (#""sel":[26,24]"#, #""sel":[26,9223372036854775807]"#, "numbers of neighbors"),
  (#""mixed_types":false"#, #""mixed_types":true"#, "true is not supported"),
  (#""precision":"float64""#, #""precision":"bfloat16""#, "bfloat16"),
  (#""activation_function":"tanh""#, #""activation_function":"swish9""#, "swish9"),
])
func `what is not supported is refused by its name`(
  old: String, new: String, problem: String
) throws {
  let error = #expect(throws: ToolError.self) { try readVariant(old, new) }
  #expect(error?.kind == .data)
  #expect(error?.problem.contains(problem) == true, "\(String(describing: error))")
}

@Test(arguments: [
  (#""@version":1,"list""#, #""@version":2,"list""#, "version 2 of Descriptor"),
  (#""type":"dpa1","type_embedding""#, #""type":"dpa4","type_embedding""#, "descriptor 'dpa4'"),
  (#""type":"dpa1","type_embedding""#, #""type":"hybrid","type_embedding""#, "inside of a hybrid"),
  (#""type":"hybrid""#, #""rcut":6.0,"type":"hybrid""#, "not known"),
])
func `what is not supported in a hybrid is refused, too`(
  old: String, new: String, problem: String
) throws {
  let error = #expect(throws: ToolError.self) {
    try readVariant(of: "descriptors/hybrid_a_dpa1.dp", replacing: old, with: new)
  }
  #expect(error?.kind == .data)
  #expect(error?.problem.contains(problem) == true, "\(String(describing: error))")
}

@Test(arguments: [
  (
    "zbl", #""type":"pairtab""#, #""type":"morse""#,
    "a model of type standard and one of type pairtab"
  ),
  ("zbl", #""sw_rmin":0.9"#, #""sw_rmin":1.9"#, "expected less than sw_rmax, 1.6"),
  ("zbl", #""smin_alpha":0.3"#, #""smin_alpha":-1"#, "expected a number above 0"),
  // The arrays of a variant are ones, the bias of its table, too.
  ("zbl", #""type":"zbl""#, #""type":"zbl""#, "is not zero, which is not supported here"),
  ("linear", #""weights":[0.6,0.4,0.5]"#, #""weights":[0.6]"#, "or a list of 3 numbers"),
  ("linear", #""type":"pairtab""#, #""type":"zbl""#, "part of a linear model 'zbl'"),
])
func `what is not supported beside nets is refused, too`(
  name: String, old: String, new: String, problem: String
) throws {
  let error = #expect(throws: ToolError.self) {
    try readVariant(of: "descriptors/\(name).dp", replacing: old, with: new)
  }
  #expect(error?.kind == .data)
  #expect(error?.problem.contains(problem) == true, "\(String(describing: error))")
}

@Test(arguments: [
  (#""type_map":["O","H","Na"]"#, #""type_map":["O","H","M"]"#, "M in type_map is no element"),
  (#""use_econf_tebd":true"#, #""use_econf_tebd":false"#, "4 wide, on 3 numbers"),
  (
    #""type_one_side":false,"use_econf_tebd":true"#,
    #""type_one_side":false,"use_econf_tebd":false"#, "false, as the descriptor says"
  ),
])
func `electrons must fit the types and the net that takes them`(
  old: String, new: String, problem: String
) throws {
  let error = #expect(throws: ToolError.self) {
    try readVariant(of: "descriptors/dpa1_econf.dp", replacing: old, with: new)
  }
  #expect(error?.kind == .data)
  #expect(error?.problem.contains(problem) == true, "\(String(describing: error))")
}

@Test(arguments: ["Model", "Descriptor", "Fitting", "NetworkCollection", "Layer"])
func `an unknown version is refused by class and number`(name: String) throws {
  let source = try HDF5File(reading: fixtures.appending(path: "se_e2_a_oneside.dp").path)
  let json = try JSONValue(
    parsing: #require(try source.stringAttribute("json", of: "/")).utf8, at: "fixture")
  let start = "\"@class\":\"\(name)\""
  // Sorted keys put @variables, if any, between @class and @version.
  let text = json.serialized
  let object = try #require(text.range(of: start))
  let version = try #require(
    text.range(
      of: #""@version":[0-9]+"#, options: .regularExpression,
      range: object.upperBound..<text.endIndex))
  let old = String(text[object.lowerBound..<version.upperBound])
  let new = String(text[object.lowerBound..<version.lowerBound]) + #""@version":99"#
  let error = #expect(throws: ToolError.self) { try readVariant(old, new) }
  #expect(error?.problem == "version 99 of \(name) is not supported")
}

@Test(arguments: [
  (#""rcut":4.0,"#, "", "expected"),
  (#""sel":[26,24]"#, #""sel":[26]"#, "expected"),
  (#""sel":[26,24]"#, #""sel":[26,25]"#, "has shape [2, 50, 4], expected [2, 51, 4]"),
  (#""axis_neuron":3"#, #""axis_neuron":9"#, "expected at most the last neuron, 8"),
  (#""neuron":[4,8]"#, #""neuron":[4,9]"#, "expected"),
  (#""neuron":[7,7]"#, #""neuron":[7,6]"#, "expected"),
  (#""dim_descrpt":24"#, #""dim_descrpt":25"#, "expected 24"),
  (#""w":"/variable_0002""#, #""w":"/nowhere""#, "is missing"),
  (#""exclude_types":[]"#, #""exclude_types":[[0,2]]"#, "expected"),
  (#""rcut":4.0"#, #""rcut":0.25"#, "expected"),
  (#""trainable":[true,true,true]"#, #""trainable":[true]"#, "expected"),
])
func `what is missing or of another shape is an error that names both`(
  old: String, new: String, problem: String
) throws {
  let error = #expect(throws: ToolError.self) { try readVariant(old, new) }
  #expect(error?.kind == .data)
  #expect(error?.problem.contains(problem) == true, "\(String(describing: error))")
}

@Test func `a file without a model is told apart`() throws {
  let error = #expect(throws: ToolError.self) {
    try StoredModel.read(fixtures.appending(path: "train_data.hdf5").path)
  }
  #expect(error?.kind == .data)
  #expect(fails(as: .missingInput) { try StoredModel.read("/no/such/model.h5") })
}

@Test func `no flipped bit and no truncation goes unnoticed`() throws {
  let stored = try StoredModel.read(fixtures.appending(path: "se_e2_a_oneside.dp").path)
  try withTemporaryFolder { folder in
    let path = folder.appending(path: "model.h5")
    try stored.write(to: path.path)
    let bytes = try Data(contentsOf: path)
    for place in stride(from: 0, to: bytes.count, by: bytes.count / 97) + [bytes.count - 1] {
      var damaged = bytes
      damaged[place] ^= UInt8(1 << (place % 8))
      try damaged.write(to: path)
      #expect(fails(as: .data) { try StoredModel.read(path.path) }, "bit at \(place)")
      try bytes.prefix(place).write(to: path)
      #expect(fails(as: .data) { try StoredModel.read(path.path) }, "cut to \(place)")
    }
  }
}
