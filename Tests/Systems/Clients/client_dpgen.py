"""DP-GEN, which trains and compares models by `dp`: its own functions, with its own dispatcher, run ours."""
import json
import shutil
import sys

# DP-GEN's list of dependencies is long; its training and model deviation need these.
REQUIREMENTS = [["dpdispatcher==1.1.0", "dpdata==1.1.0", "ase==3.29.0", "numpy==2.4.6"], ["--no-deps", "dpgen==0.14.0"]]

TRAINING = {
    "model": {
        "descriptor": {"type": "se_e2_a", "rcut": 4.0, "sel": [6, 10], "neuron": [4, 8], "axis_neuron": 2},
        "fitting_net": {"neuron": [8, 8]},
    },
    "learning_rate": {"type": "exp", "start_lr": 0.001, "stop_lr": 1e-5, "decay_steps": 5},
    "loss": {"start_pref_e": 0.02, "limit_pref_e": 1, "start_pref_f": 1000, "limit_pref_f": 1},
    "training": {"numb_steps": 40, "disp_freq": 10, "save_freq": 20},
}

#: DPA-1 without attention, compressed: the other choice for many elements.
MIXED = TRAINING | {"model": TRAINING["model"] | {
    "descriptor": {"type": "se_atten_v2", "rcut": 4.0, "sel": 16, "neuron": [4, 8], "axis_neuron": 2, "attn_layer": 0}}}

RUN = """
import glob, json, os, sys
from dpgen.generator import run
from dpgen.remote.decide_machine import convert_mdata
from dpgen.simplify import simplify
jdata, mdata = json.load(open("param.json")), convert_mdata(json.load(open("machine.json")))
for iteration in range(2):
    run.make_train(iteration, jdata, mdata)
    run.run_train(iteration, jdata, mdata)
    run.post_train(iteration, jdata, mdata)
    jdata["training_init_model"] = jdata["reuse"]
    # What exploration and labelling would have found.
    work = "iter.%06d" % iteration
    os.makedirs(work + "/02.fp", exist_ok=True)
    os.system("cp -r data/a " + work + "/02.fp/data.000")
os.makedirs("iter.000001/01.model_devi")
os.system("cp -L iter.000001/00.train/graph.* iter.000001/01.model_devi; cp -r data iter.000001/01.model_devi/data.rest.old")
simplify.run_model_devi(1, jdata, mdata)
"""


def machine(world, flag):
    task = {
        "command": "dp",
        "machine": {
            "batch_type": "Shell", "context_type": "LocalContext", "local_root": "./",
            "remote_root": str(world.folder / "remote")},
        "resources": {"number_node": 1, "cpu_per_node": 1, "gpu_per_node": 0, "queue_name": "", "group_size": 1}}
    return {"api_version": "1.0", "deepmd_version": "3.0.1", "train": task, "model_devi": task}


def generate(world, backend, suffix, training=TRAINING):
    """Two iterations of two models; the second starts from the models of the first."""
    shutil.copytree(world.checkout / "Tests/Support/Fixtures/data", world.folder / "data")
    (world.folder / "remote").mkdir()
    parameters = {
        "type_map": ["O", "H"], "mass_map": [16, 1], "init_data_prefix": str(world.folder / "data"),
        "init_data_sys": ["a", "b"], "sys_configs": [["none"]], "numb_models": 2, "default_training_param": training,
        "fp_task_min": 1, "model_devi_jobs": [{}, {}], "train_backend": backend, "dp_compress": True, "reuse": True,
        "dp_train_skip_neighbor_stat": True, "one_h5": False,
        "model_devi_f_trust_lo": 0.1, "model_devi_f_trust_hi": 0.3}
    (world.folder / "param.json").write_text(json.dumps(parameters))
    (world.folder / "machine.json").write_text(json.dumps(machine(world, backend)))
    try:
        world.run(sys.executable, "-c", RUN)
    except RuntimeError as error:
        logs = [path.read_text() for path in world.folder.glob("remote/**/train.log")]
        raise RuntimeError(f"{error}\n{''.join(logs)[-3000:]}") from None
    models = {}
    for iteration in range(2):
        train = world.folder / f"iter.{iteration:06}/00.train"
        for task in ["000", "001"]:
            lines = (train / task / "lcurve.out").read_text().splitlines()
            world.expect(lines[-1].split()[0] == "40", f"{task}: no 40 steps in lcurve.out: {lines[-1]}")
            models[iteration, task] = (train / f"graph.{task}{suffix}").read_bytes()
            said = world.run(world.tools / "dp-eval", train / f"graph.{task}{suffix}", "data")
            world.expect("force" in said, f"dp-eval cannot use graph.{task}{suffix}")
    world.expect(len(set(models.values())) == 4, "models of different seeds or iterations are the same")
    first = [float(line.split()[3]) for iteration in range(2) for line in
             (world.folder / f"iter.{iteration:06}/00.train/000/lcurve.out").read_text().splitlines()
             if line.split()[0] == "1"]
    world.expect(len(first) == 2 and first[0] != first[1], f"the second iteration began as the first did: {first}")
    text = (world.folder / "iter.000001/01.model_devi/details").read_text()
    frames = [line for line in text.splitlines() if not line.startswith("#")]
    world.expect(len(frames) == 15 and "max_devi_f" in text, f"details has {len(frames)} frames, not 15")
    return f"two iterations of two models, compressed, as graph.*{suffix}; deviation of {len(frames)} frames"


CASES = {
    "tensorflow": lambda world: generate(world, "tensorflow", ".pb"),
    "pytorch": lambda world: generate(world, "pytorch", ".pth"),
    "se_atten_v2": lambda world: generate(world, "pytorch", ".pth", MIXED),
}
