"""Files that cannot be read, written or replaced."""

from faults import Bench, Ended, fault

PDF = "outputs/tiny/2021/annual.pdf"


@fault("a published PDF cannot be replaced", 3, words=["annual.pdf"])
def hold_pdf(bench: Bench) -> Ended:
    with bench.immutable(PDF):
        return bench.run("build")


@fault("a published folder cannot be written", 3, words=["departments"])
def hold_folder(bench: Bench) -> Ended:
    with bench.immutable("outputs/tiny/2021/departments"):
        return bench.run("build")


@fault("the manifest cannot be replaced", 2, words=["manifest.json"])
def hold_manifest(bench: Bench) -> Ended:
    with bench.immutable("outputs/manifest.json"):
        return bench.run("build")


@fault("the disk of the work folder is full", 2, 3)
def fill_work(bench: Bench) -> Ended:
    with bench.small_disk("outputs/.work", 64):
        return bench.run("build")
