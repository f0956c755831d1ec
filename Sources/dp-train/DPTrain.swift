@main struct DPTrain {
  static func main() {}
}
