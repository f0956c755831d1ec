/// The model fixtures that this program must run: names without the suffix `.dp`.
public let modelFixtures = [
  "ener_atom_ener", "ener_fparam_aparam", "se_e2_a_davgzero", "se_e2_a_envprot", "se_e2_a_exclude",
  "se_e2_a_exclude_oneside", "se_e2_a_exclude_ptnets", "se_e2_a_fitshortcut", "se_e2_a_float32",
  "se_e2_a_oneside", "se_e2_a_pairexcl", "se_e2_a_resnetdt", "se_e2_a_slotstat",
  "se_e2_a_smallsel", "se_e2_a_twoside", "train_init",
]
