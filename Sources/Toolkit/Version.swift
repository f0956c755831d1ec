import CCompiledFor
import CHDF5
import COpenBLAS
import CVersion

/// The version of this program.
public enum Version {
  /// The release.
  public static let number = DP_RELEASE

  /// The git commit of the sources, followed by "+" if they were changed since.
  public static let commit = String(cString: dp_commit())

  /// The CPU that the kernels were compiled for, `x86-64-v3`; `native` is that of the build.
  public static let kernels = String(cString: ccompiledfor_march)

  /// The release and the commit, as artifacts record them.
  public static var program: String { "\(number) (\(commit))" }

  /// The text of `--version`: the tool, the libraries and settings on which its numbers depend, and
  /// the formats of files, which docs/FORMATS.md describes.
  public static func text(tool: String) -> String {
    """
    \(tool) \(program)
    Swift \(swift)
    Kernels for \(kernels)
    OpenBLAS kernel \(String(cString: openblas_get_corename()))
    HDF5 \(H5_VERS_MAJOR).\(H5_VERS_MINOR).\(H5_VERS_RELEASE)
    \(formats)
    """
  }

  private static let formats = """
    Data read: npy, raw text, HDF5, extended XYZ, LAMMPS dumps and data files
    Data written: HDF5 (deep-potential data 1), npy, extended XYZ
    Models read: .h5, .dp, .pb, .pth, .pt, .pt2, .yaml
    Models written: .h5 and .dp (HDF5 in the .dp layout of DeePMD-kit)
    Checkpoints read and written: version 2
    """

  private static var swift: String {
    #if compiler(>=6.4)
      "6.4 or later"
    #elseif compiler(>=6.3.1)
      "6.3.1"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }
}
