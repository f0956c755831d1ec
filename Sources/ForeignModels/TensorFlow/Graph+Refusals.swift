extension Graph {
  /// Throws if the graph has something that this program does not support.
  func refuseUnsupported() throws {
    guard !nodes.isEmpty else { throw Unreadable("is a TensorFlow graph without nodes") }
    let names = [
      "Descrpt": "the local frame descriptor (loc_frame)",
      "DescrptSeAMask": "the descriptor se_a_mask",
      "DescrptSeAEf": "a descriptor in an electric field",
      "DescrptSeAEfPara": "a descriptor in an electric field",
      "DescrptSeAEfVert": "a descriptor in an electric field",
      "PairTab": "a tabulated pair potential (use_srtab)",
      "SoftMinSwitch": "a tabulated pair potential (use_srtab)",
      "DprcPairwiseIdx": "a pairwise DPRc model", "EwaldRecp": "a dipole-charge modifier",
    ]
    for node in nodes {
      if let name = names[node.operation] {
        throw Unreadable("has \(name), which is not supported")
      }
      if node.operation.holds("Nvnmd") {
        throw Unreadable("is a quantized model (NVNMD), which is not supported")
      }
    }
    if hasScope("spin_attr") { throw Unreadable("is a spin model, which is not supported") }
    if !scopes(startingWith: "modifier_attr").isEmpty {
      throw Unreadable("has a dipole-charge modifier, which is not supported")
    }
  }

  /// Throws if tables are in place of nets of a kind for which tables are not supported.
  func refuseTables() throws {
    let tables = ["TabulateFusionSeT", "TabulateFusionSeAtten"]
    guard nodes.contains(where: { node in tables.contains { node.operation.hasPrefix($0) } })
    else { return }
    throw Unreadable(
      "is a compressed model of se_e3 or se_atten: it has tables in place of its embedding nets, "
        + "which cannot be recovered, and such tables are not supported",
      remedy: "ask for the file from before the compression (frozen, not compressed), or use this "
        + "one with DeePMD-kit")
  }
}
