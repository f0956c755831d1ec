import Configuration
import DeepPotential
import Diagnostics
import Files
import Foundation
import Models
import TestSupport
import Testing
import Training

/// The options of DPA-2 in inputs and in model files.
@Suite struct DPA2OptionsTests {
  /// What must be there.
  static let needed = #"""
    "type": "dpa2",
    "repinit": {"rcut": 6.0, "rcut_smth": 0.5, "nsel": 120},
    "repformer": {"rcut": 4.0, "rcut_smth": 3.5, "nsel": 40}
    """#

  private func read(_ descriptor: String, model: String = "") throws -> TrainingInput {
    let text = """
      {
        "model": {"type_map": ["O", "H"], "descriptor": {\(descriptor)}, "fitting_net": {}\(model)},
        "learning_rate": {"start_lr": 0.001},
        "training": {"training_data": {"systems": "data"}, "numb_steps": 100}
      }
      """
    return try TrainingInput(Data(text.utf8), place: "input.json")
  }

  /// The errors as they are shown.
  private func text(_ errors: ToolErrors) -> String {
    errors.errors.map { "\($0.place): \($0.problem)\n\($0.remedy ?? "")" }
      .joined(separator: "\n")
  }

  @Test func `what is not said has DeePMD-kit's defaults`() throws {
    let found = try read(Self.needed).model.descriptor.definition(types: 2)
    let wanted = #"""
      {
        "type": "dpa2", "concat_output_tebd": true, "precision": "float64", "smooth": true,
        "exclude_types": [], "env_protection": 0.0, "trainable": true,
        "add_tebd_to_repinit_out": false, "use_econf_tebd": false, "use_tebd_bias": false,
        "repinit": {
          "rcut": 6.0, "rcut_smth": 0.5, "nsel": 120, "neuron": [25, 50, 100], "axis_neuron": 16,
          "tebd_dim": 8, "tebd_input_mode": "concat", "set_davg_zero": true,
          "activation_function": "tanh", "type_one_side": false, "resnet_dt": false,
          "use_three_body": false, "three_body_neuron": [2, 4, 8], "three_body_rcut": 4.0,
          "three_body_rcut_smth": 0.5, "three_body_sel": 40
        },
        "repformer": {
          "rcut": 4.0, "rcut_smth": 3.5, "nsel": 40, "nlayers": 3, "g1_dim": 128, "g2_dim": 16,
          "axis_neuron": 4, "direct_dist": false, "update_g1_has_conv": true,
          "update_g1_has_drrd": true, "update_g1_has_grrg": true, "update_g1_has_attn": true,
          "update_g2_has_g1g1": true, "update_g2_has_attn": true, "update_h2": false,
          "use_sqrt_nnei": true, "g1_out_conv": true, "g1_out_mlp": true, "attn1_hidden": 64,
          "attn1_nhead": 4, "attn2_hidden": 16, "attn2_nhead": 4, "attn2_has_gate": false,
          "activation_function": "tanh", "update_style": "res_avg", "update_residual": 0.001,
          "update_residual_init": "norm", "set_davg_zero": true, "trainable_ln": true,
          "ln_eps": 1e-05
        }
      }
      """#
    #expect(try JSONValue.object(found) == JSONValue(parsing: wanted.utf8, at: "wanted"))
  }

  @Test(arguments: [
    (
      #""rcut": 4.0"#, #""rcut": 6.0"#,
      "repformer/rcut: found 6.0, expected less than rcut of repinit"
    ),
    (
      #""nsel": 40"#, #""nsel": 120"#,
      "repformer/nsel: found 120, expected less than nsel of repinit"
    ),
    (
      #""rcut_smth": 3.5"#, #""rcut_smth": 4"#,
      "repformer/rcut_smth: found 4.0, expected less than"
    ),
    (#""rcut_smth": 0.5"#, #""rcut_smth": 6"#, "repinit/rcut_smth: found 6.0, expected less than"),
    (
      #""nsel": 40"#, #""nsel": 40, "axis_neuron": 17"#,
      "repformer/axis_neuron: found 17, expected"
    ),
    (#""nsel": 120"#, #""nsel": 120, "axis_neuron": 101"#, "repinit/axis_neuron: found 101"),
    (#""nsel": 120"#, #""nsel": 120, "three_body": 1"#, "repinit/three_body: is not a known key"),
    (
      #""nsel": 40"#, #""nsel": 40, "update_style": "res""#,
      #"update_style: found "res", expected"#
    ),
    (
      #""nsel": 40"#, #""nsel": 40, "update_g1_has_grrg": false, "update_g1_has_drrd": false"#,
      "update_g1_has_grrg: found false, expected true"
    ),
    (
      #""nsel": 120"#, #""nsel": 120, "use_three_body": true, "three_body_rcut": 7"#,
      "repinit/three_body_rcut: found 7.0, expected at most rcut, 6.0"
    ),
    (
      #""nsel": 120"#, #""nsel": 120, "use_three_body": true, "three_body_sel": 121"#,
      "repinit/three_body_sel: found 121, expected at most nsel, 120"
    ),
    (#", "nsel": 40"#, "", "repformer/nsel: is missing; expected a number"),
    (#""type": "dpa2""#, #""type": "se_uni""#, #"take "dpa2""#),
  ])
  func `what cannot be is told with its place`(old: String, new: String, problem: String) throws {
    try #require(Self.needed.contains(old))
    let descriptor = Self.needed.replacingOccurrences(of: old, with: new)
    let error = #expect(throws: ToolErrors.self) { try read(descriptor) }
    #expect(error.map(text)?.contains(problem) == true, "\(error.map(text) ?? "")")
  }

  @Test func `deepmd-pytorch's backbone is refused in favor of DPA-2`() {
    let error = #expect(throws: ToolErrors.self) {
      try read(Self.needed, model: #", "backbone": {"type": "evo-2b"}"#)
    }
    #expect(error.map(text)?.contains("model/backbone: ") == true)
    #expect(error.map(text)?.contains(#"is "dpa2""#) == true)
  }

  @Test func `where DeePMD-kit loses a layer, a notice says so`() throws {
    let notices = try Notices.collected {
      _ = try read(
        Self.needed.replacingOccurrences(
          of: #""nsel": 120"#,
          with: #""nsel": 120, "use_three_body": true, "neuron": [8, 16], "axis_neuron": 8"#))
    }.notices
    #expect(notices.contains { $0.contains("DeePMD-kit 3.2 cannot read such a model") })
    let others = try Notices.collected { _ = try read(Self.needed) }.notices
    #expect(others.isEmpty)
  }

  @Test func `a model whose layer DeePMD-kit loses is read, with a notice`() throws {
    var options = DPA2Options()
    options.setSlots([[8], [4]])
    (options.usesThreeBody, options.first.neuron, options.first.axisWidth) = (true, [2, 4], 2)
    options.threeBody.slots = 6
    (options.messages.nodeWidth, options.messages.edgeWidth) = (8, 4)
    (options.messages.outerCutoff, options.messages.layers) = (3, 1)
    var model = EnergyModel(
      ModelOptions(
        typeMap: ["O"], descriptor: .dpa2(options), fitting: FittingOptions(neuron: [4])))
    model.initialize(seed: 3)
    let (found, notices) = try withTemporaryFolder { folder in
      let path = folder.appending(path: "model.h5").path
      try StoredModel(model: model).write(to: path)
      return try Notices.collected { try StoredModel.read(path).model }
    }
    #expect(found == model)
    #expect(notices.contains { $0.contains("g1_shape_tranform: is read here, but DeePMD-kit") })
  }

  @Test func `the first block has the most slots of "auto"`() throws {
    let input = try read(
      Self.needed.replacingOccurrences(of: #""nsel": 120"#, with: #""nsel": "auto""#))
    let request = StatisticsRequest(input.model, slotRules: input.slotRules)
    // No neighbors at all: fewer than the 40 that messages come from.
    let survey = NeighborSurvey(typeCount: 2, shorterCutoffs: input.model.descriptor.cutoffs)
    #expect(request.options(for: survey).descriptor.listSlots == [[44], [40]])
  }

  @Test func `files of before version 3 need not say what there was not`() throws {
    // This model has the values that older ones always had.
    let name = "descriptors/dpa2_plain.dp"
    let now = try readVariant(of: name, [])
    let keys = (old: #""g1_out_conv":false,"g1_out_mlp":false,"#, new: "")
    let roots = (old: #","use_sqrt_nnei":false"#, new: "")
    let version = (old: #""@version":3"#, new: #""@version":2"#)
    #expect(try readVariant(of: name, [version, keys, roots]) == now)
    #expect(throws: ToolError.self) { try readVariant(of: name, [keys]) }
    #expect(try readVariant(of: name, [roots]) != now)
  }
}
