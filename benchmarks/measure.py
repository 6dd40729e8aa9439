"""One measurement in a process of its own, so that memory is counted for it alone."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

LINK_LIMIT = 300
LIMIT = 10**20


def naive(dump: Path) -> dict[str, Any]:
    from benchmarks import naive_reader

    began = time.perf_counter()
    machines, links, one_ended = naive_reader.assess(*naive_reader.read(dump), LINK_LIMIT)
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "machines": machines, "links": links, "one_ended": one_ended}


def product(*files: Path) -> dict[str, Any]:
    import scipy.sparse.csgraph

    from declarant.clusters import Fabric, Limits, Reading, assess, read_file
    from declarant.clusters.readers import readers

    assert scipy.sparse.csgraph
    readers()  # imports are no part of the time, here as above
    began = time.perf_counter()
    read = [read_file(file) for file in files]
    one_ended = sum(int(observation.links.one_ended.sum()) for observation in read)
    fabric = Fabric.join(read)
    assessed = assess(fabric, Limits(LIMIT, LINK_LIMIT * 10**9))
    seconds = time.perf_counter() - began
    single = Reading(link="single")
    result = next(result for result in assessed.readings if result.reading == single)
    links = sum(summary.links for summary in fabric.inputs)
    found = {"machines": result.machines, "links": links, "one_ended": one_ended}
    return {"seconds": seconds, **found}


if __name__ == "__main__":
    measured = {"naive": naive, "product": product}[sys.argv[1]]
    result = measured(*map(Path, sys.argv[2:]))
    result["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(result))
