import Files
import Foundation
import Models
import Runs
import TestSupport
import Testing

/// Descriptors other than `se_e2_a` from the input to predictions.
@Suite struct DescriptorTests {
  private static let mixed = #""sel": 16, "tebd_dim": 4"#
  static let descriptors = [
    #""type": "se_e2_r", "sel": [6, 10]"#, #""type": "se_e3", "sel": [6, 10]"#,
    #""type": "se_e3_tebd", \#(mixed)"#,
    #""type": "se_atten", "axis_neuron": 2, "attn": 4, "attn_layer": 1, \#(mixed)"#,
    #""type": "dpa1", "sel": "auto", "attn_layer": 0, "tebd_input_mode": "strip""#,
    #""type": "se_atten_v2", "attn_layer": 0, "use_econf_tebd": true, \#(mixed)"#, hybrid,
    typedHybrid, messages, sequential, dpa2, plainDPA2,
  ]
  /// DPA-3 with edges and angles of their own cutoffs, and with layers one after the other.
  static let messages = #"""
    "type": "dpa3", "concat_output_tebd": true, "repflow": {
      "e_rcut": 4.0, "e_rcut_smth": 3.0, "e_sel": 16, "a_rcut": 3.0, "a_rcut_smth": 2.0,
      "a_sel": "auto", "n_dim": 6, "e_dim": 5, "a_dim": 4, "nlayers": 2, "a_compress_rate": 1}
    """#
  static let sequential = #"""
    "type": "dpa3", "use_econf_tebd": true, "repflow": {
      "e_rcut": 4.0, "e_rcut_smth": 3.0, "e_sel": "auto", "a_rcut": 3.0, "a_rcut_smth": 2.0,
      "a_sel": 10, "n_dim": 6, "e_dim": 5, "a_dim": 4, "nlayers": 2, "sequential_update": true,
      "update_residual_init": "norm", "fix_stat_std": 0, "use_dynamic_sel": true,
      "smooth_edge_update": true}
    """#
  /// DPA-2 with a three-body block and every update, and with as little as there can be.
  static let dpa2 = #"""
    "type": "dpa2", "add_tebd_to_repinit_out": true, "repinit": {
      "rcut": 4.0, "rcut_smth": 0.5, "nsel": "auto", "neuron": [4, 8], "axis_neuron": 2,
      "tebd_dim": 4, "tebd_input_mode": "strip", "use_three_body": true, "three_body_sel": "auto",
      "three_body_rcut": 3.0, "three_body_neuron": [2, 4]}, "repformer": {
      "rcut": 3.0, "rcut_smth": 2.0, "nsel": 8, "nlayers": 2, "g1_dim": 6, "g2_dim": 5,
      "attn1_hidden": 4, "attn1_nhead": 2, "attn2_hidden": 3, "attn2_nhead": 2, "update_h2": true,
      "attn2_has_gate": true, "update_style": "res_residual"}
    """#
  static let plainDPA2 = #"""
    "type": "dpa2", "use_econf_tebd": true, "smooth": false, "repinit": {
      "rcut": 4.0, "rcut_smth": 0.5, "nsel": 16, "neuron": [4, 8], "axis_neuron": 2}, "repformer": {
      "rcut": 3.0, "rcut_smth": 2.0, "nsel": "auto", "nlayers": 2, "g1_dim": 16, "g2_dim": 5,
      "update_g1_has_attn": false, "update_g2_has_g1g1": false, "update_g2_has_attn": false,
      "direct_dist": true, "g1_out_conv": false, "g1_out_mlp": false, "use_sqrt_nnei": false}
    """#
  /// Parts of their own cutoffs, one of them mixed; and parts whose slots are all of single types.
  static let hybrid = #"""
    "type": "hybrid", "list": [
      {"type": "se_e2_a", "sel": [6, 10], "rcut": 4.0, "neuron": [4, 8], "seed": 3},
      {"type": "se_atten", "sel": "auto", "rcut": 3.0, "neuron": [4, 8], "attn_layer": 0}]
    """#
  static let typedHybrid = #"""
    "type": "hybrid", "list": [
      {"type": "se_e2_a", "sel": "auto:2", "rcut": 3.0, "neuron": [4, 8]},
      {"type": "se_e2_r", "sel": [6, 10], "rcut": 4.0, "neuron": [4, 8]}]
    """#

  private func replacements(_ descriptor: String) -> [(String, String)] {
    // A hybrid has no keys but those of its parts, and others have their cutoffs in objects.
    let isNested = ["hybrid", "repflow", "repinit"].contains { descriptor.contains("\"\($0)\"") }
    let rest = isNested ? "" : #", "rcut": 4.0, "neuron": [4, 8]"#
    return [
      (
        #""type": "se_e2_a", "rcut": 4.0, "sel": [6, 10], "neuron": [4, 8], "axis_neuron": 2, "seed": 1"#,
        descriptor + rest
      ),
      (#""numb_steps": 20"#, #""numb_steps": 4"#), (#""disp_freq": 5"#, #""disp_freq": 1"#),
      (#""save_freq": 10"#, #""save_freq": 2"#),
    ]
  }

  @Test(arguments: descriptors)
  func `a training gives the same bytes on other threads and after a stop`(
    descriptor: String
  ) throws {
    try withTraining(replacing: replacements(descriptor)) { folder in
      let (_, messages) = try checkThreadsAndResume(in: folder)
      #expect(!messages.contains("without tables"))
    }
  }

  @Test(arguments: descriptors)
  func `a trained model is frozen, described and evaluated`(descriptor: String) throws {
    try withTraining(replacing: replacements(descriptor)) { folder in
      for (tool, arguments) in [
        ("dp-stat", ["input.json", "-o", "stat.h5"]),
        ("dp-train", ["input.json", "-o", "run", "--statistics", "stat.h5"]),
        ("dp-freeze", ["run", "-o", "model.h5"]),
        ("dp-eval", ["model.h5", "data.h5", "--predictions", "out.h5"]),
        ("dp-plot", ["run", "-o", "curve.svg"]), ("dp-plot", ["stat.h5", "-o", "stat.svg"]),
        ("dp-stat", ["input.json", "-o", "again.h5", "--json"]),
        ("dp-profile", ["input.json", "--steps", "2"]),
      ] {
        let run = try runTool(tool, arguments, in: folder)
        #expect(run.exitCode == 0, "\(tool): \(run.messages)")
      }
      let model = try StoredModel.read(folder.appending(path: "model.h5").path)
      let info = try runTool("dp-freeze", ["--info", "model.h5"], in: folder)
      #expect(info.output.contains(ModelSummary(model).descriptor + ","))
      let isNested = descriptor.contains("repflow"), name = isNested ? "e_rcut" : "rcut"
      #expect(info.output.contains("  \(name) "))
      let again = try runTool(
        "dp-train", ["input.json", "-o", "again", "--init-model", "model.h5"], in: folder)
      #expect(again.exitCode == 0, "\(again.messages)")
    }
  }

  @Test func `what a descriptor does not have is said`() throws {
    let descriptor =
      #""type": "se_e2_r", "type_one_side": false, "sel": [6, 10], "activation_function": "relu""#
    try withTraining(replacing: replacements(descriptor)) { folder in
      let run = try runTool("dp-train", ["input.json", "-o", "run"], in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      #expect(run.messages.contains("model/descriptor/type_one_side: is not used"))
      #expect(run.messages.contains("se_e2_r (without tables: slower)"))
      let freeze = try runTool("dp-freeze", ["run", "-o", "model.h5"], in: folder)
      #expect(freeze.exitCode == 0)
      let compress = try runTool(
        "dp", ["compress", "-i", "model.h5", "-o", "small.h5"], in: folder)
      #expect(compress.exitCode == 0, "\(compress.messages)")
      // All tools say so, and none claims tables.
      let reason = "their activation function, relu, has kinks"
      #expect(compress.messages.contains("it is used without tables: \(reason)"))
      #expect(!compress.output.contains("tables change"))
      let info = try runTool("dp-freeze", ["--info", "model.h5"], in: folder)
      #expect(info.output.contains("none: \(reason)"), "\(info.output)")
      let profile = try runTool(
        "dp-profile", ["input.json", "--steps", "1", "-j", "1"], in: folder)
      #expect(profile.output.contains("tables: none: \(reason)"), "\(profile.output)")
      let program = try runProgram(
        CProgram.check.get().path, [folder.appending(path: "model.h5").path, "summary"])
      #expect(program.output.contains("tables: none: \(reason)"), "\(program.output)")
    }
  }

  @Test func `electrons of a type that is no element are an error`() throws {
    let names = [(#""type_map": ["O", "H"]"#, #""type_map": ["O", "H", "HW"]"#)]
    let descriptor = #""type": "se_atten", "use_econf_tebd": true, "sel": 16"#
    try withTraining(replacing: replacements(descriptor) + names) { folder in
      let run = try runTool("dp-train", ["--check", "input.json"], in: folder)
      #expect(run.exitCode == 78, "\(run.messages)")
      #expect(run.messages.contains("model/descriptor/use_econf_tebd: found true, expected false"))
      #expect(run.messages.contains("HW in type_map is no element"))
    }
  }

  @Test func `what does not fit a descriptor is an error with its place`() throws {
    for (descriptor, problem) in [
      (#""type": "dpa1", "attn_mask": true"#, "model/descriptor/attn_mask"),
      (#""type": "se_atten_v2", "tebd_input_mode": "strip""#, "tebd_input_mode"),
      (#""type": "se_e3", "axis_neuron": 4"#, "axis_neuron"),
      (#""type": "dpa1", "tebd_input_mode": "both""#, "\"concat\" or \"strip\""),
      (#""type": "dpa1", "sel": 0"#, "found 0, expected a number, \"auto\""),
      (#""type": "dpa1", "precision": "float32""#, "is not that of the descriptor"),
      (#""type": "dpa4""#, "\"dpa4\" is not supported"),
      (#""type": "dpa3""#, "model/descriptor/repflow: is missing; expected an object"),
      (
        #""type": "dpa3", "repflow": {"e_rcut": 4, "e_rcut_smth": 3, "e_sel": 9, "a_rcut": 5}"#,
        "model/descriptor/repflow/a_sel: is missing; expected a number, \"auto\""
      ),
      (
        Self.messages.replacingOccurrences(of: #""a_rcut": 3.0"#, with: #""a_rcut": 4.5"#),
        "model/descriptor/repflow/a_rcut: found 4.5, expected at most e_rcut, 4.0"
      ),
      (
        Self.messages.replacingOccurrences(of: "nlayers", with: "nlayer"),
        "model/descriptor/repflow/nlayer: is not a known key here"
      ),
      (
        Self.messages.replacingOccurrences(
          of: #""nlayers": 2"#, with: #""sequential_update": true, "update_style": "res_avg""#),
        "model/descriptor/repflow/sequential_update: found true, expected false without"
      ),
      (#""type": "hybrid""#, "model/descriptor/list: is missing"),
      (#""type": "hybrid", "list": []"#, "model/descriptor/list: found []"),
      (#"\#(Self.hybrid), "sel": 16"#, "model/descriptor/sel: is not a known key here"),
      (#""type": "hybrid", "list": [{\#(Self.hybrid)}]"#, "a hybrid inside of a hybrid"),
      (
        #""type": "hybrid", "list": [{"type": "se_e3", "sel": [6, 10], "axis_neuron": 4}]"#,
        "model/descriptor/list[0]/axis_neuron: is not a known key here"
      ),
      (
        #""type": "hybrid", "list": [{"type": "se_e3"}, {"type": "se_r", "precision": "float32"}]"#,
        "model/descriptor/list[1]/precision: is not that of the first part"
      ),
    ] {
      try withTraining(replacing: replacements(descriptor)) { folder in
        let run = try runTool("dp-train", ["--check", "input.json"], in: folder)
        #expect(run.exitCode == 78 && run.messages.contains(problem), "\(run.messages)")
      }
    }
  }
}
