import Atoms
import Files

/// The largest number of frames in a set, as in dpdata.
let framesPerSet = 5000

/// The name of the set number `index`.
func setName(_ index: Int) -> String {
  let digits = String(index)
  return "set." + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
}

extension AtomicSystem {
  /// The arrays in the files of a set, by the names of the files without `.npy`; in a mixed-type
  /// system with the types of each frame.
  ///
  /// Rows are `frames`; the shape is (frames, numbers per frame), as dpdata writes it.
  func arrays(of frames: Range<Int>) -> [(name: String, array: NumericArray, isInteger: Bool)] {
    var arrays = labels
    arrays["coord"] = positions
    if isPeriodic { arrays["box"] = cells }
    if let frameTypes { arrays["real_atom_types"] = frameTypes.map(Double.init) }
    return arrays.keys.sorted().map { name in
      let values = arrays[name] ?? []
      let width = values.count / frameCount
      let rows = values[frames.lowerBound * width..<frames.upperBound * width]
      return (
        name, NumericArray(shape: [frames.count, width], values: Array(rows)),
        name == "real_atom_types" || LabelKind(named: name).isInteger
      )
    }
  }

  /// The sets into which the system is cut: their names and frames.
  var sets: [(name: String, frames: Range<Int>)] {
    stride(from: 0, to: frameCount, by: framesPerSet).enumerated().map { index, first in
      (setName(index), first..<min(first + framesPerSet, frameCount))
    }
  }
}
