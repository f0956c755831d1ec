"""What a model is, by the names that DeePMD-kit gives its questions."""
import json

from ..library import own_function, text


class Properties:
    """The questions that a model answers without computing; `_model` is the library's."""

    def _open(self):
        """The library's model; ValueError if it was closed."""
        if self._model.pointer is None:
            raise ValueError(f"{self.model_file}: is closed")
        return self._model

    def get_rcut(self):
        """The cutoff in Å."""
        return self._open().ask("GetCutoff")

    def get_ntypes(self):
        """The number of types."""
        return self._open().ask("GetNumbTypes")

    def get_type_map(self):
        """The names of the types."""
        return text(self._open().ask("GetTypeMap")).split()

    def get_dim_fparam(self):
        """The number of frame parameters."""
        return self._open().ask("GetDimFParam")

    def get_dim_aparam(self):
        """The number of parameters of an atom."""
        return self._open().ask("GetDimAParam")

    def has_default_fparam(self):
        """Whether frames may come without frame parameters."""
        return self._open().ask("HasDefaultFParam")

    # What only our library tells

    def _description(self, purpose):
        return json.loads(text(own_function("DP_DeepPotGetDescription", purpose)(self._open().pointer)))

    def get_model_def_script(self):
        """The `model` section of the input with which the model was trained."""
        return self._description("get_model_def_script")["model_def_script"]

    def get_sel_type(self):
        """The types whose atoms have an energy, as places in the type map."""
        return self._description("get_sel_type")["sel_type"]

    def get_model_size(self):
        """The numbers of parameters, by "descriptor", "fitting-net" and "total"."""
        return self._description("get_model_size")["size"]

    def get_observed_types(self):
        """The types that the training data had: "type_num" of them, and "observed_type", their names.

        They are in the order of the type map.
        """
        names = self._description("get_observed_types")["observed_type"]
        return {"type_num": len(names), "observed_type": names}

    # What no model here has

    has_efield = has_spin = has_hessian = False
    use_spin = []

    def get_ntypes_spin(self):
        """0, the number of types with spins."""
        return 0

    def has_chg_spin_ebd(self):
        """False: no charges or spins are inputs."""
        return False

    def has_default_chg_spin(self):
        """False, as for `has_chg_spin_ebd`."""
        return False

    # What DeePMD-kit's classes answer, and this one does not

    def get_model(self):
        """NotImplementedError: there is no module of a framework."""
        raise _absent("get_model", "dp-freeze --info prints what is in a model")

    def serialize(self):
        """NotImplementedError: the weights stay in the file."""
        raise _absent("serialize", "dp-freeze writes the .dp layout, which is HDF5")

    def eval_fitting_last_layer(self, *_, **__):
        """NotImplementedError."""
        raise _absent("eval_fitting_last_layer")

    def eval_embedding(self, *_, **__):
        """NotImplementedError; see `eval_descriptor`."""
        raise _absent("eval_embedding", "eval_descriptor gives the descriptors")

    def eval_typeebd(self):
        """NotImplementedError."""
        raise _absent("eval_typeebd")


def _absent(name, instead="use DeePMD-kit"):
    return NotImplementedError(f"{name}: is not in deep_potential; {instead}")
