"""A Slurm of one machine with daemons, ports, keys and folders of its own; /etc is neither read nor touched."""
import ctypes
import os
import pathlib
import pwd
import re
import secrets
import signal
import socket
import subprocess
import time

ENDED = {"COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY", "BOOT_FAIL", "DEADLINE"}

# Two processors, whatever the machine has.  A job of the partition `urgent` sends one of `batch`
# back into the queue.  A requeued job waits until its old credential has expired, two minutes by
# default.
CONFIGURATION = """
ClusterName=test
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=5
SlurmUser={user}
SlurmdUser={user}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=bf_interval=1,sched_interval=2,sched_min_interval=100000
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
KillWait=10
ReturnToService=2
MailProg=/bin/true
NodeName=localhost NodeAddr=127.0.0.1 CPUs=2
PartitionName=batch Nodes=localhost Default=YES PriorityTier=1
PartitionName=urgent Nodes=localhost PriorityTier=9 PreemptMode=OFF
"""


class Cluster:
    """munged, slurmctld and slurmd as children of this process; `with` stops them and what they have started."""

    def __init__(self, folder):
        self.folder, self.daemons = pathlib.Path(folder), []
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("SLURM", "SBATCH", "SRUN"))}
        environment["PATH"] += ":/usr/sbin:/sbin"
        self.environment = {**environment, "SLURM_CONF": str(self.folder / "slurm.conf")}

    def __enter__(self):
        adopt_orphans()
        for name in ["state", "spool"]:
            (self.folder / name).mkdir(parents=True)
        self.folder.chmod(0o711)  # munged insists
        key = self.folder / "munge.key"
        key.write_bytes(secrets.token_bytes(128))
        key.chmod(0o600)
        user = pwd.getpwuid(os.getuid()).pw_name
        text = CONFIGURATION.format(folder=self.folder, ports=free_ports(2), user=user)
        (self.folder / "slurm.conf").write_text(text)
        # What a killed cluster leaves in /tmp, as is the default, makes the first jobs of the next
        # one fail.
        (self.folder / "mpi.conf").write_text(f"PMIxCliTmpDirBase={self.folder}\n")
        try:
            names = {"key-file": "key", "socket": "socket", "pid-file": "pid", "seed-file": "seed", "log-file": "log"}
            files = [f"--{option}={self.folder}/munge.{suffix}" for option, suffix in names.items()]
            self.start("munged", "--foreground", "--force", "--num-threads=2", *files)
            wait_until(lambda: (self.folder / "munge.socket").exists(), 10, "munged")
            self.start("slurmctld", "-D")
            self.start("slurmd", "-D", "-N", "localhost")
            wait_until(lambda: self.command("sinfo", "-h", "-o", "%T").split() == ["idle"], 60, "an idle node")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for daemon in reversed(self.daemons):
            daemon.terminate()
        for daemon in self.daemons:
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                daemon.kill()
        while (left := descendants(os.getpid())):  # jobs and their keepers
            for process in left:
                os.kill(process, signal.SIGKILL)
            time.sleep(0.1)
        reap()

    def start(self, program, *arguments):
        log = open(self.folder / f"{program}.log", "w")
        self.daemons.append(subprocess.Popen(
            [program, *arguments], env=self.environment, cwd=self.folder,
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=die_with_parent))

    def command(self, *arguments, **options):
        """Runs a command of Slurm; what it printed."""
        done = subprocess.run(arguments, env=self.environment, capture_output=True, text=True, timeout=60, **options)
        return done.stdout if done.returncode == 0 else ""

    def job(self, number):
        """What `scontrol` says of a job: JobState, Restarts, ExitCode, Reason, ..."""
        text = self.command("scontrol", "--oneliner", "show", "job", str(number))
        return dict(re.findall(r"(\w+)=(\S*)", text))

    def wait(self, number, seconds=240):
        """Waits until a job has ended; what `scontrol` then says."""
        wait_until(lambda: self.job(number).get("JobState") in ENDED, seconds, f"the end of job {number}")
        return self.job(number)


def wait_until(condition, seconds, what):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds} s for {what}")
        time.sleep(0.1)


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


# Daemons end with the test even if it is killed; orphans become children of the test, so that it
# finds them.
prctl = ctypes.CDLL(None, use_errno=True).prctl
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


def die_with_parent():
    prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def adopt_orphans():
    prctl(PR_SET_CHILD_SUBREAPER, 1)


def descendants(process):
    """The processes below one, without those that have ended."""
    parents = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            parents.setdefault(int(parent), []).append(int(stat.parent.name))
    found, queue = [], [process]
    while queue:
        children = parents.get(queue.pop(), [])
        found += children
        queue += children
    return found


def reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
