# Figures of counts in a file (one a minute, from midnight) by pyActigraphy 1.2: one JSON value with the figures and the CPU seconds of computing them.
import importlib.abc
import importlib.machinery
import json
import sys
import time
import types
import warnings

warnings.filterwarnings("ignore")


class Absent(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Readers of file formats that are not used here and do not install everywhere."""

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("accelerometer", "pyexcel", "pyexcel_ods3", "pyexcel_xlsx", "pyexcel_io"):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        module.__getattr__ = lambda name: (_ for _ in ()).throw(AttributeError(name)) if name.startswith("__") else object
        module.__path__ = []
        return module

    def exec_module(self, module):
        pass


sys.meta_path.insert(0, Absent())

import pandas as pd  # noqa: E402
import pyActigraphy  # noqa: E402
from pyActigraphy.io import BaseRaw  # noqa: E402

counts = [float(line) for line in open(sys.argv[1])]
runs = int(sys.argv[2])
index = pd.date_range("2024-01-01", periods=len(counts), freq="1min")
data = pd.Series(counts, index=index)


def raw():
    # A new one each time: it remembers some of what it was asked.
    return BaseRaw(
        name="bench",
        uuid="1",
        format="bench",
        axial_mode=None,
        start_time=index[0],
        period=index[-1] - index[0],
        frequency=pd.Timedelta("1min"),
        data=data.copy(),
        light=None,
    )


def figures(one):
    return {
        "coleKripkeAsleep": int(one.CK(settings="mean", rescoring=False).sum()),
        "sadehAsleep": int(one.Sadeh().sum()),
        "stability": one.IS(freq="1h", binarize=False),
        "variability": one.IV(freq="1h", binarize=False),
        "leastActive": one.L5(binarize=False),
        "mostActive": one.M10(binarize=False),
        "amplitude": one.RA(binarize=False),
    }


seconds = []
for _ in range(runs):
    one = raw()
    began = time.process_time()
    found = figures(one)
    seconds.append(time.process_time() - began)
print(json.dumps({"version": pyActigraphy.__version__, "figures": found, "seconds": sorted(seconds)[runs // 2]}))
