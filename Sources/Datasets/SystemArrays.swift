import Atoms
import Files

/// The most frames that a set holds: dpdata's choice.
let framesPerSet = 5000

/// The name of a system's set number `index`.
func setName(_ index: Int) -> String {
  let digits = String(index)
  return "set." + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
}

extension AtomicSystem {
  /// What the files of a set hold, by their names without `.npy`; types of a frame included.
  ///
  /// Rows are `frames`, shapes are (frames, numbers per frame), as dpdata writes them.
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

  /// The sets into which the frames are cut: their names and frames.
  var sets: [(name: String, frames: Range<Int>)] {
    stride(from: 0, to: frameCount, by: framesPerSet).enumerated().map { index, first in
      (setName(index), first..<min(first + framesPerSet, frameCount))
    }
  }
}
