// c_api.h documents these functions.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

import Diagnostics

// Kinds of models that this library lacks.  Creating one gives an object with an error that says
// so; the other functions give zeros, do nothing, and keep that error.

func unsupported(_ kind: String, _ path: UnsafePointer<CChar>?) -> OpaquePointer? {
  LoadedModels {
    throw ToolError(
      .data, at: path.map(String.init(cString:)) ?? "model",
      "is to be used as a model of \(kind), which this library does not support",
      remedy: "use pair_style deepmd with a model of energies, or DeePMD-kit's own library")
  }.pointer()
}
