"""A hub that is a generator: it hands out a model in steps, and waits where a test says."""

import shutil
import threading

from granite_studio.core.errors import EngineError
from granite_studio.engines import manifest, models
from granite_studio.engines.download import Progress


class Hub:
    """`download` as in `engines.download`, from a folder of this machine.

    It brings a half and waits for `gate`; then it fails with `failure`, or brings the rest.
    """

    def __init__(self, source):
        self.source = source
        self.gate = threading.Event()
        self.failure = ""
        self.asked = []

    def download(self, model, folder, cancel):
        self.asked.append(model.engine)
        target = models.folder_of(model, folder)
        target.mkdir(parents=True, exist_ok=True)
        (target / "model.safetensors.part").write_bytes(b"half")
        yield Progress(model.bytes // 2, model.bytes, "model.safetensors", 60.0)
        while not self.gate.wait(0.01):
            cancel.check()
        if self.failure:
            raise EngineError(self.failure)
        (target / "model.safetensors.part").unlink()
        shutil.copytree(self.source, target, dirs_exist_ok=True)
        manifest.write(target, manifest.Manifest(model.id, "0" * 40))
        yield Progress(model.bytes, model.bytes, "", 0.0)
