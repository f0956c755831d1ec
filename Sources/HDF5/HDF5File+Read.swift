extension HDF5File {
  /// The shape of `dataset`, slowest index first; empty for a scalar.
  public func shape(of dataset: String) throws -> [Int] { try OpenDataset(dataset, in: self).shape }

  /// The type of the elements of `dataset`.
  public func type(of dataset: String) throws -> HDF5Type {
    try OpenDataset(dataset, in: self).type
  }

  /// The numbers of `dataset`, slowest index first.
  ///
  /// Any floating-point or integer storage is converted.  Throws `.data` for anything else.
  public func doubles(_ dataset: String) throws -> [Double] {
    try OpenDataset(dataset, in: self).doubles()
  }

  /// The numbers of `dataset`, their shape and their stored type; see `doubles`.
  public func array(
    _ dataset: String
  ) throws -> (values: [Double], shape: [Int], type: HDF5Type) {
    let dataset = try OpenDataset(dataset, in: self)
    return (try dataset.doubles(), dataset.shape, dataset.type)
  }

  /// The numbers of `dataset`, stored as float32.  Throws `.data` for anything else.
  public func floats(_ dataset: String) throws -> [Float] {
    try OpenDataset(dataset, in: self).floats()
  }

  /// The integers of `dataset`; see `doubles`.  Throws `.data` for floating-point storage.
  public func integers(_ dataset: String) throws -> [Int] {
    try OpenDataset(dataset, in: self).integers()
  }

  /// The truth values of `dataset`, stored as h5py does or as integers.
  public func booleans(_ dataset: String) throws -> [Bool] {
    try OpenDataset(dataset, in: self).booleans()
  }

  /// The strings of `dataset`, fixed or variable length, ASCII or UTF-8, slowest index first.
  public func strings(_ dataset: String) throws -> [String] {
    try OpenDataset(dataset, in: self).strings()
  }
}
