/// The model fixtures that this program must run: names without the suffix `.dp`.
public let modelFixtures = [
  "ener_atom_ener", "ener_fparam_aparam", "se_e2_a_davgzero", "se_e2_a_envprot", "se_e2_a_exclude",
  "se_e2_a_exclude_oneside", "se_e2_a_exclude_ptnets", "se_e2_a_fitshortcut", "se_e2_a_float32",
  "se_e2_a_oneside", "se_e2_a_pairexcl", "se_e2_a_resnetdt", "se_e2_a_slotstat",
  "se_e2_a_smallsel", "se_e2_a_twoside", "train_init",
]

/// The model fixtures with another descriptor than `se_e2_a`.
public let descriptorFixtures = [
  "se_e2_r", "se_e3", "se_e3_tebd_concat", "se_e3_tebd_strip", "se_e3_tebd_strip_hard",
  "dpa1_strip_attn0", "dpa1_strip_davg", "dpa1_strip_hard", "dpa1_concat_attn1_hard",
  "dpa1_concat_attn2", "dpa1_concat_attn2_nosmooth", "dpa1_concat_attn3", "dpa1_example",
  "se_atten_v2", "hybrid_a_r", "hybrid_a_dpa1", "hybrid_cut", "dpa1_econf", "se_e3_tebd_econf",
  "zbl", "linear",
].map { "descriptors/\($0)" }

/// The model fixtures whose atoms exchange messages.
public let messageFixtures = [
  "dpa2", "dpa2_hard", "dpa2_medium", "dpa2_plain", "dpa2_small",
  "dpa3", "dpa3_dynamic", "dpa3_float32", "dpa3_linear_avg", "dpa3_noangle", "dpa3_plain",
  "dpa3_sequential", "dpa3_smallsel", "zbl_message",
].map { "descriptors/\($0)" }
