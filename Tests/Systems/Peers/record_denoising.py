#!/usr/bin/env python3
"""Record what DeePMD-kit's parts for denoising say, for Tests/Support/Fixtures/denoise_*.{dp,json}.

    python3 Tests/Systems/Peers/record_denoising.py FOLDER

Descriptor, both heads (NonLinearHead, MaskLMHead) and the loss are modules of DeePMD-kit's PyTorch backend, which no
longer joins them to a model; the sum over neighbors is deepmd-pytorch's.  Writes for each descriptor a model of energies
with it, denoise_NAME.dp, and denoise_NAME.json: two damaged frames, the parameters of the heads, and what follows.
Arrays go by their places in a model file, row by row.
"""

import copy
import json
import pathlib
import sys

import numpy as np
import torch
from deepmd.dpmodel.utils.serialization import save_dp_model
from deepmd.pt.loss.denoise import DenoiseLoss
from deepmd.pt.model.model import get_model
from deepmd.pt.model.network.network import MaskLMHead, NonLinearHead
from deepmd.pt.utils.nlist import (
    build_multiple_neighbor_list,
    extend_input_and_build_neighbor_list,
    get_multiple_nlist_key,
)

TYPES = ["O", "H", "MASKED_TOKEN"]
LOSS = dict(masked_token_loss=0.7, masked_coord_loss=1.3, norm_loss=0.0, beta=0.2)
DESCRIPTORS = {
    "dpa1": dict(
        type="se_atten", rcut=4.0, rcut_smth=1.0, sel=30, neuron=[4, 8], axis_neuron=2, tebd_dim=4, attn=6,
        attn_layer=2, seed=1),
    "dpa2": dict(
        type="dpa2", seed=2,
        repinit=dict(rcut=4.0, rcut_smth=1.0, nsel=30, neuron=[4, 8], axis_neuron=2, tebd_dim=4),
        repformer=dict(
            rcut=3.5, rcut_smth=1.0, nsel=24, nlayers=2, g1_dim=10, g2_dim=6, axis_neuron=2, attn1_hidden=4,
            attn1_nhead=2, attn2_hidden=4, attn2_nhead=2, update_residual=0.3)),
}


class Loss(DenoiseLoss):
    """DeePMD-kit's loss, which does not say what data it needs."""

    label_requirement = ()


def fill(module, random):
    """Give every parameter a random number of usual size, so that none is special."""
    with torch.no_grad():
        for parameter in module.parameters():
            scale = 1 / np.sqrt(sum(parameter.shape)) if parameter.dim() == 2 else 0.5
            parameter.copy_(torch.tensor(random.normal(0, scale, parameter.shape)))


def pairs_of(descriptor, coord, atype, box):
    """The descriptor of each atom, the rows of its pairs, displacements, and which slots are filled."""
    extended, types, mapping, nlist = extend_input_and_build_neighbor_list(
        coord, atype, descriptor.get_rcut(), descriptor.get_sel(), mixed_types=True, box=box)
    out = descriptor(extended, types, nlist, mapping)
    if hasattr(descriptor, "repformers"):
        block = descriptor.repformers
        nlist = build_multiple_neighbor_list(extended, nlist, descriptor.rcut_list, descriptor.nsel_list)[
            get_multiple_nlist_key(block.get_rcut(), block.get_nsel())]
    frames, atoms, slots = nlist.shape
    extended = extended.view(frames, -1, 3)
    filled = (nlist >= 0).unsqueeze(-1)
    index = nlist.clamp(min=0).view(frames, -1, 1).expand(-1, -1, 3)
    near = torch.gather(extended, 1, index).view(frames, atoms, slots, 3)
    return out[0], out[2], (near - extended[:, :atoms].unsqueeze(2)) * filled, filled


def places(tree, path=""):
    """All arrays of a serialized object by their places."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from places(value, f"{path}/{key}")
    elif isinstance(tree, list) and any(isinstance(value, (dict, list, np.ndarray)) for value in tree):
        for number, value in enumerate(tree):
            yield from places(value, f"{path}[{number}]")
    elif isinstance(tree, np.ndarray) and tree.dtype == np.float64:
        yield path, tree.ravel().tolist()


def gradient(descriptor):
    """Its gradient, in the layout of the descriptor."""
    other = copy.deepcopy(descriptor)
    for mine, theirs in zip(other.parameters(), descriptor.parameters()):
        mine.data = torch.zeros_like(theirs) if theirs.grad is None else theirs.grad.clone()
    found = dict(places(other.serialize(), "model/descriptor"))
    return {path: numbers for path, numbers in found.items() if "davg" not in path and "dstd" not in path}


def head_arrays(coordinate, token, get):
    net, head = "model/fitting/coordinate_net", "model/fitting/nets/networks[0]"
    arrays = {
        f"{net}/layers[0]/@variables/w": get(coordinate.linear1.matrix),
        f"{net}/layers[0]/@variables/b": get(coordinate.linear1.bias),
        f"{net}/layers[1]/@variables/w": get(coordinate.linear2.matrix),
        f"{net}/layers[1]/@variables/b": get(coordinate.linear2.bias),
        f"{head}/layers[0]/@variables/w": get(token.dense.matrix),
        f"{head}/layers[0]/@variables/b": get(token.dense.bias),
        f"{head}/layers[1]/@variables/w": get(token.weight).T,
        f"{head}/layers[1]/@variables/b": get(token.bias),
        "model/fitting/type_norm/@variables/w": get(token.layer_norm.weight),
        "model/fitting/type_norm/@variables/b": get(token.layer_norm.bias),
    }
    return {path: array.contiguous().view(-1).tolist() for path, array in arrays.items()}


def record(name, folder, seed):
    random = np.random.default_rng(seed)
    params = dict(
        type_map=TYPES, descriptor=DESCRIPTORS[name], fitting_net=dict(neuron=[4], seed=3))
    model = get_model(copy.deepcopy(params)).to(torch.float64)
    descriptor = model.get_descriptor()
    fill(descriptor, random)
    for block in [descriptor.se_atten] if name == "dpa1" else [descriptor.repinit, descriptor.repformers]:
        shape = block.stddev.shape
        rows = random.uniform(0.3, 0.9, (shape[0], 1, shape[2]))
        rows[..., 2:] = rows[..., 1:2]  # alike along all axes, so that frames may be turned
        block.stddev.copy_(torch.tensor(np.broadcast_to(rows, shape).copy()))
    save_dp_model(str(folder / f"denoise_{name}.dp"), dict(model=model.serialize(), model_def_script=params, backend="PyTorch"))

    atoms = 8
    box = torch.tensor([[6.1, 0, 0, 0.7, 5.8, 0, -0.4, 0.9, 6.4]] * 2, dtype=torch.float64)
    grid = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)]) * 2.6 + 0.7
    clean = torch.tensor(np.stack([grid + random.uniform(-0.4, 0.4, grid.shape) for _ in range(2)]))
    types = torch.tensor([[0, 0, 0, 1, 1, 1, 1, 1], [1, 0, 1, 0, 1, 0, 1, 1]])
    moved, hidden = torch.zeros(2, atoms, dtype=torch.bool), torch.zeros(2, atoms, dtype=torch.bool)
    moved[0, [1, 4, 6]], moved[1, [0, 3]] = True, True
    hidden[0, [2, 4]], hidden[1, [1, 5, 7]] = True, True
    noise = torch.tensor(random.uniform(-0.5, 0.5, clean.shape)) * moved.unsqueeze(-1)
    coord, atype = clean + noise, torch.where(hidden, len(TYPES) - 1, types)

    width = DESCRIPTORS[name].get("tebd_dim") or DESCRIPTORS[name]["repinit"]["tebd_dim"]
    rows, pairs, difference, filled = pairs_of(descriptor, coord, atype, box)
    rows = rows[..., :-width]
    coordinate = NonLinearHead(pairs.shape[-1], 1, activation_fn="gelu").to(torch.float64)
    token = MaskLMHead(rows.shape[-1], len(TYPES) - 1, activation_fn="gelu").to(torch.float64)
    fill(coordinate, random), fill(token, random)
    update = (coordinate(pairs) * difference).sum(-2) / filled.sum(-2)
    logits = token(rows)
    labels = dict(clean_coord=clean, clean_type=types, coord_mask=moved, type_mask=hidden)
    cases = []
    for masked in (True, False):
        for module in (descriptor, coordinate, token):
            module.zero_grad()
        loss = Loss(len(TYPES), mask_loss_coord=masked, mask_loss_token=masked, **LOSS)
        value, more = loss(dict(updated_coord=coord + update, logits=logits), labels, atoms, 1e-3)
        value.backward(retain_graph=True)
        cases.append(dict(
            masked=masked, loss=value.item(), errors={key: error.item() for key, error in more.items()},
            grad=gradient(descriptor) | head_arrays(
                coordinate, token, lambda p: torch.zeros_like(p) if p.grad is None else p.grad)))
    frames = [
        dict(
            box=box[k].tolist(), types=atype[k].tolist(), coord=coord[k].reshape(-1).tolist(),
            noise=noise[k].reshape(-1).tolist(), clean_types=types[k].tolist(), moved=moved[k].int().tolist(),
            hidden=hidden[k].int().tolist(), update=update[k].reshape(-1).tolist(),
            logits=logits[k].reshape(-1).tolist())
        for k in range(2)]
    found = dict(
        options=LOSS, frames=frames, heads=head_arrays(coordinate, token, lambda p: p.detach()), cases=cases)
    (folder / f"denoise_{name}.json").write_text(json.dumps(found) + "\n")
    print(name, cases[0]["loss"], cases[0]["errors"], filled.sum(-2).flatten().tolist())


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    for number, name in enumerate(DESCRIPTORS):
        record(name, folder, 70 + number)
