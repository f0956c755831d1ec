// Asks libdeepmd_c through DeePMD-kit's header for C++, deepmd.hpp, and prints what it says; a
// script compares.
//
//     check-cc MODEL double|float WAY < FRAME
//
// WAY: `single`, `frames` (three at once, the last is printed), `mixed` (types by frame), `list`
// (with a neighbor list, atoms of a type that the model does not have among the others),
// `deviation` (the model twice), `names`.  FRAME is that of check.c; printed are energy, forces,
// virial, and energies and virials of atoms.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "deepmd.hpp"

using namespace deepmd::hpp;

template <typename T>
struct Frame {
  std::vector<int> types;
  std::vector<T> box, positions, fparam, aparam;
};

template <typename T>
struct Answer {
  std::vector<double> energy;
  std::vector<T> forces, virial, atom_energies, atom_virials;
};

template <typename T>
static std::vector<T> numbers(int count) {
  std::vector<T> values(count);
  for (T &value : values)
    if (!(std::cin >> value)) std::exit(2);
  return values;
}

template <typename T>
static Frame<T> read_frame() {
  const std::vector<int> counts = numbers<int>(4);
  Frame<T> f;
  f.box = numbers<T>(9);
  if (!counts[3]) f.box.clear();
  for (double type : numbers<double>(counts[0])) f.types.push_back(int(type));
  f.positions = numbers<T>(3 * counts[0]);
  f.fparam = numbers<T>(counts[1]);
  f.aparam = numbers<T>(counts[2] * counts[0]);
  return f;
}

template <typename T>
static void print(const std::vector<T> &values, size_t count) {
  for (size_t k = values.size() - count; k < values.size(); k++) std::printf("%.17g ", double(values[k]));
  std::printf("\n");
}

/// The last frame of an answer.
template <typename T>
static void print(const Answer<T> &a, size_t atoms) {
  print(a.energy, 1), print(a.forces, 3 * atoms), print(a.virial, 9);
  print(a.atom_energies, atoms), print(a.atom_virials, 9 * atoms);
}

template <typename T>
static void repeat(std::vector<T> &values, int count) {
  const std::vector<T> once = values;
  for (int k = 1; k < count; k++) values.insert(values.end(), once.begin(), once.end());
}

template <typename T>
static Answer<T> alone(DeepPot &model, Frame<T> f, int frames, bool mixed) {
  Answer<T> a, without;
  std::vector<T> moved = f.positions;
  for (T &x : moved) x += T(0.01);
  const std::vector<T> last = f.positions;
  const size_t atoms = f.types.size();
  f.positions.clear();
  for (int k = 1; k < frames; k++) f.positions.insert(f.positions.end(), moved.begin(), moved.end());
  f.positions.insert(f.positions.end(), last.begin(), last.end());
  repeat(f.box, frames), repeat(f.fparam, frames), repeat(f.aparam, frames);
  if (mixed) {
    repeat(f.types, frames);
    model.compute_mixed_type(a.energy, a.forces, a.virial, a.atom_energies, a.atom_virials, frames, f.positions, f.types,
                             f.box, f.fparam, f.aparam);
    return a;
  }
  model.compute(a.energy, a.forces, a.virial, a.atom_energies, a.atom_virials, f.positions, f.types, f.box, f.fparam,
                f.aparam);
  model.compute(without.energy, without.forces, without.virial, f.positions, f.types, f.box, f.fparam, f.aparam);
  if (without.energy != a.energy || without.forces != a.forces || without.virial != a.virial) std::exit(3);
  if (a.forces.size() != frames * 3 * atoms || a.atom_virials.size() != frames * 9 * atoms) std::exit(4);
  return a;
}

/// Atoms, an atom that the model does not know behind each, and the images of both; neighbors of
/// each in its list.
template <typename T>
static Answer<T> listed(DeepPot &model, Frame<T> f) {
  const int atoms = int(f.types.size()), reach = f.box.empty() ? 0 : 4;
  std::vector<T> x, aparam;
  std::vector<int> types, owner;
  for (int kind = 0; kind < 2; kind++)  // own atoms first
    for (int i = -reach; i <= reach; i++)
      for (int j = -reach; j <= reach; j++)
        for (int k = -reach; k <= reach; k++) {
          if ((i == 0 && j == 0 && k == 0) != (kind == 0)) continue;
          for (int atom = 0; atom < 2 * atoms; atom++) {
            for (int m = 0; m < 3; m++) {
              T place = f.positions[3 * (atom / 2) + m] + T(atom % 2 ? 0.1 : 0);
              if (reach) place += i * f.box[m] + j * f.box[3 + m] + k * f.box[6 + m];
              x.push_back(place);
            }
            types.push_back(atom % 2 ? (atom % 4 == 1 ? model.numb_types() : -1) : f.types[atom / 2]);
            owner.push_back(atom);
          }
        }
  const size_t width = f.aparam.size() / atoms;
  for (int atom = 0; atom < 2 * atoms; atom++)
    aparam.insert(aparam.end(), f.aparam.begin() + width * (atom / 2), f.aparam.begin() + width * (atom / 2 + 1));
  std::vector<std::vector<int> > neighbors(2 * atoms);
  const double reached = model.cutoff() + 0.5;
  for (int a = 0; a < 2 * atoms; a++)
    for (int b = 0; b < int(types.size()); b++) {
      double squared = 0;
      for (int m = 0; m < 3; m++) squared += std::pow(x[3 * a + m] - x[3 * b + m], 2);
      if (a != b && squared < reached * reached) neighbors[a].push_back(b);
    }
  std::vector<int> ilist(2 * atoms), numneigh(2 * atoms);
  std::vector<int *> firstneigh(2 * atoms);
  InputNlist list(2 * atoms, &ilist[0], &numneigh[0], &firstneigh[0]);
  convert_nlist(list, neighbors);
  Answer<T> wide, a;
  const int ghosts = int(types.size()) - 2 * atoms;
  for (int ago = 0; ago < 2; ago++) {
    wide.energy.assign(1, 0);
    model.compute(wide.energy, wide.forces, wide.virial, wide.atom_energies, wide.atom_virials, x, types, f.box, ghosts,
                  list, ago, f.fparam, aparam);
  }
  a.energy = wide.energy, a.virial = wide.virial;
  a.forces.resize(3 * atoms), a.atom_energies.resize(atoms), a.atom_virials.resize(9 * atoms);
  for (size_t k = 0; k < owner.size(); k++) {
    if (owner[k] % 2) {
      if (wide.atom_energies[k] != 0 || wide.forces[3 * k] != 0) std::exit(5);
      continue;
    }
    const int atom = owner[k] / 2;
    a.atom_energies[atom] += wide.atom_energies[k];
    for (int m = 0; m < 3; m++) a.forces[3 * atom + m] += wide.forces[3 * k + m];
    for (int m = 0; m < 9; m++) a.atom_virials[9 * atom + m] += wide.atom_virials[9 * k + m];
  }
  return a;
}

template <typename T>
static Answer<T> deviating(const std::string &path, const Frame<T> &f) {
  DeepPotModelDevi models(std::vector<std::string>(2, path));
  std::vector<double> energies;
  std::vector<std::vector<T> > forces, virials, atom_energies, atom_virials;
  models.compute(energies, forces, virials, atom_energies, atom_virials, f.positions, f.types, f.box, f.fparam, f.aparam);
  std::vector<T> mean, deviation;
  models.compute_avg(mean, forces);
  models.compute_std_f(deviation, mean, forces);
  for (T value : deviation)
    if (!(std::fabs(value) < 1e-6)) std::exit(6);
  Answer<T> a;
  a.energy.push_back(energies[1]);
  a.forces = mean, a.virial = virials[1], a.atom_energies = atom_energies[1], a.atom_virials = atom_virials[1];
  return a;
}

/// Texts, files and selections; and that what is not supported throws.
static int names(const std::string &path) {
  std::string content, types;
  read_file_to_string(path, content);
  DeepPot model;
  model.init("from memory", 0, content);
  model.get_type_map(types);
  std::vector<int> forward, backward, selected, given{7, 8, 9, 10};
  int ghosts = 0;
  select_by_type(forward, backward, ghosts, std::vector<double>(12), std::vector<int>{0, 1, 0, 1}, 1, std::vector<int>{1});
  select_map(selected, given, forward, 1);
  std::printf("%s: %d %g %d %d %d\n", types.c_str(), model.numb_types(), model.cutoff(), ghosts, selected[0], selected[1]);
  try {
    DeepTensor tensor(path);
    return 7;
  } catch (deepmd_exception &error) {
    std::printf("%s\n", error.what());
  }
  try {
    read_file_to_string(path + ".none", content);
    return 8;
  } catch (deepmd_exception &error) {
    std::printf("%s\n", error.what());
  }
  return 0;
}

template <typename T>
static void answer(const std::string &path, const std::string &way) {
  const Frame<T> f = read_frame<T>();
  DeepPot model(path);
  Answer<T> a;
  if (way == "single") a = alone(model, f, 1, false);
  if (way == "frames") a = alone(model, f, 3, false);
  if (way == "mixed") a = alone(model, f, 2, true);
  if (way == "list") a = listed(model, f);
  if (way == "deviation") a = deviating(path, f);
  print(a, f.types.size());
}

int main(int count, char **arguments) {
  if (count < 4) return 64;
  const std::string path = arguments[1], kind = arguments[2], way = arguments[3];
  if (way == "names") return names(path);
  if (kind == "float") answer<float>(path, way);
  else answer<double>(path, way);
  return 0;
}
