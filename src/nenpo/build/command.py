"""What `nenpo build` and `nenpo watch` do: choose, make, and tell as it goes."""

import sys
from functools import partial
from pathlib import Path

from nenpo.build.receipts import Inputs, choose_briefings
from nenpo.build.report import show_profile, show_progress, show_result
from nenpo.build.run import BuildOptions, BuildResult, build, start_early


def run_build(root: Path, options: BuildOptions, *, profile: bool = False) -> BuildResult:
    """Make what is not current of what the options select, and tell what became of it.

    With ``profile``, also where the time went. Raises as ``choose_briefings`` and ``build``.
    """
    state = Inputs(root)
    start = partial(start_early, state, options.selectors)
    briefings = choose_briefings(state, options.output, options.selectors, start)
    with show_progress(len(briefings)) as show:
        result = build(root, briefings, options, show, state)
    if profile:
        show_profile(result)
    show_result(result)
    for error in result.trouble[1:] if not result.failed else result.trouble:
        print(error, file=sys.stderr)
    return result
