"""kill -9 at random moments of a training, resumed on another number of threads until it is done."""
import subprocess

from trainings import KINDS, Reference


def run(world):
    wanted, kills, runs, files = world.amount(20, 200), 0, 0, 0
    references = [Reference(world, kind) for kind in KINDS]
    while kills < wanted or runs < len(references):
        reference = references[runs % len(references)]
        folder = world.folder(reference.base)
        kills += train(world, reference, folder)
        files += reference.check_finished(folder)
        runs += 1
    return f"{kills} kills of {runs} trainings of {len(KINDS)} kinds; {files} files compared with the uninterrupted ones"


def train(world, reference, folder):
    """Starts a training until it ends by itself; gives the number of kills."""
    kills = 0
    while True:
        command = world.command("dp-train", "input.json", "-j", world.random.choice([1, 2, 4]), "--quiet")
        with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as process:
            try:
                _, messages = process.communicate(timeout=world.random.uniform(0, 0.7) * reference.seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                _, messages = process.communicate()
        if process.returncode != -9:
            world.expect(process.returncode == 0, f"resuming exits {process.returncode}: {messages}")
            return kills
        kills += 1
        reference.check_interrupted(folder)
