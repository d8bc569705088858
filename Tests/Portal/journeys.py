"""Walks the portal's journeys.
  journeys.py URL HOME OUTPUT [WORD...]   only those whose name holds one of the words"""
import asyncio, functools, sys, time

import single, stories
from stage import Stage, together


async def main(url, home, output, words):
    began = time.monotonic()
    journeys = []
    variants = [(size, script) for size in ("desktop", "telephone") for script in (True, False)]
    for (size, script), end in zip(variants, stories.ENDS):
        name = f"story {end}, {size}, {'with' if script else 'without'} script"
        journeys.append((name, functools.partial(stories.story, size=size, script=script, end=end)))
    # Those first that take long.
    for journey in (single.keyboard, single.passkey, single.conflict, single.destination,
                    single.channel, single.hostile, single.live, single.dark, single.leaving, single.over):
        journeys.append((journey.__name__, journey))
    # By itself: everybody's portal is away for a moment.
    alone = [("killed", single.killed)]

    def wanted(all):
        return [(n, j) for n, j in all if not words or any(word in n for word in words)]

    async with Stage(url, home, output) as stage:
        for group, width in ((wanted(journeys), 4), (wanted(alone), 1)):
            await together(stage, [(n, functools.partial(j, stage)) for n, j in group], width)
    for fault in stage.faults:
        print(f"journeys: {fault}", file=sys.stderr)
    took = time.monotonic() - began
    print(f"journeys: {len(wanted(journeys + alone))} in {took:.0f} s, {len(stage.seen_by_axe)} pages "
          f"before axe, {stage.shots} screenshots in {output}")
    return 1 if stage.faults else 0


sys.exit(asyncio.run(main(*sys.argv[1:4], sys.argv[4:])))
