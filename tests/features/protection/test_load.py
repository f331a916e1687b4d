"""Is a person who is protected while everybody reads never seen by a request that begins after the answer?"""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

from app.domain.roles import Role
from tests.features.protection.scene import EVERY_SCOPE, Scene
from tests.features.protection.sweep import needles, plain
from tests.world import Client, World


def test_a_flag_set_under_load_is_never_seen_past_the_answer(world: World) -> None:
    """Five readers without pause: whatever they ask for after the 204 shows nothing of the person."""
    scene = Scene(world)
    service = scene.world.client(Role.SERVICE, scene.duties, EVERY_SCOPE)
    asked = {
        f"{scene.path}": scene.world.client(Role.CASE_HANDLER, scene.holder),
        "/enrolments?limit=200": scene.world.client(Role.CASE_HANDLER, scene.holder),
        "/participants?limit=200": scene.world.client(Role.CASE_HANDLER, scene.holder),
        f"/programs/{scene.program}/participants?limit=200": service,
        f"/matches/{scene.match.id}": service,
    }
    wanted, start, stop = needles(scene), Barrier(len(asked) + 1), Event()
    set_at: list[float] = []

    def read(path: str, client: Client) -> tuple[int, int, int]:
        before = after = late = 0
        start.wait(timeout=30)
        while not stop.is_set():
            began_at = time.monotonic()
            said = plain(client.get(path)).replace(path, "")
            is_seen = any(one in said for one in wanted)
            is_late = bool(set_at) and began_at > set_at[0]
            before, after, late = before + (is_seen and not is_late), after + is_late, late + (is_seen and is_late)
        return before, after, late

    with ThreadPoolExecutor(len(asked)) as threads:
        readers = [threads.submit(read, path, client) for path, client in asked.items()]
        start.wait(timeout=30)
        time.sleep(0.8)
        assert scene.protect().status_code == 204
        set_at.append(time.monotonic())
        time.sleep(1.5)
        stop.set()
        found: list[Any] = [reader.result() for reader in readers]
    assert all(before > 0 and after > 0 for before, after, _ in found), found
    assert [late for _, _, late in found] == [0] * len(asked)
