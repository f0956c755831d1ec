@main struct DPConvert {
  static func main() {}
}
