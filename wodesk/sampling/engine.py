"""All servers at once: one sampler each, and what the user wants of them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from functools import partial

from wodesk.access.network import way_out
from wodesk.models.errand import Errand
from wodesk.models.event import KeyringTold, SSHHosts
from wodesk.models.metric import Watch
from wodesk.models.question import Answer
from wodesk.models.secret import Secret
from wodesk.models.server import Server
from wodesk.models.trial import is_trial
from wodesk.sampling.alert_watch import Cursor, nothing_known
from wodesk.sampling.checks import Checks, Settle
from wodesk.sampling.errands import not_run
from wodesk.sampling.learnt import Keeper, Learnt
from wodesk.sampling.questions import Questions
from wodesk.sampling.sampler import OpenSource, Publish, Sampler
from wodesk.sampling.ssh_names import hosts_of_user
from wodesk.sampling.turns import Turns, ended

log = logging.getLogger(__name__)

Forget = Callable[[str], Awaitable[object]]
"""Forget every secret of a server and what was answered about it; False if some may be left."""
_CHECK = 2.0
"""Seconds between two looks at the clock and at the way out."""
_JUMP = 10.0
"""Seconds by which the wall clock is off after a check when the machine has slept."""


class Engine:
    """Runs the samplers until it is cancelled; every method is called on its loop.

    `clock` is the wall clock in seconds; `way` tells the computer's own addresses, none offline;
    `alert_cursor` up to where the alerts of a server are known from an earlier run.
    A server is known by its id.  No source of it is opened while another of the same id is still
    being closed, or while its secrets are being forgotten or settled.
    """

    def __init__(
        self,
        open_source: OpenSource,
        publish: Publish,
        list_ssh_hosts: Callable[[], SSHHosts] = hosts_of_user,
        settle: Settle | None = None,
        *,
        forget: Forget | None = None,
        keeper: Keeper | None = None,
        clock: Callable[[], float] = time.time,
        way: Callable[[], tuple[str, ...]] = way_out,
        alert_cursor: Cursor = nothing_known,
    ) -> None:
        self._open_source = open_source
        self._publish = publish
        self._list_ssh_hosts = list_ssh_hosts
        self._clock = clock
        self._way = way
        self._forget = forget
        self._keeper = keeper
        self._settle = settle
        self._known: dict[str, Server] = {}
        self._learnt = Learnt()
        self._samplers: dict[str, Sampler] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._samplings = Turns()
        self._settlements = Turns()
        self._alert_cursor = alert_cursor
        self._watches: tuple[Watch, ...] = ()
        self._rule_watches: tuple[Watch, ...] = ()
        self._is_paused = False
        self._interval = 1.0
        self._is_running = False
        self._questions = Questions(publish)
        self.checks = Checks(open_source, publish, self._questions, self._settle_in_turn)
        self._errands: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Sample until cancelled; leaves when every source is closed."""
        self._is_running = True
        for server_id in self._samplers:
            self._start(server_id)
        try:
            await self._watch_for_resume()
        finally:
            self._is_running = False
            # No task group: it would cancel a second time what is just closing its source.
            for task in (*self._errands, *self._tasks.values()):
                task.cancel()
            await asyncio.gather(*self._errands, return_exceptions=True)
            await self._samplings.aclose()
            await self.checks.aclose()
            await self._settlements.aclose()

    def set_servers(self, servers: Iterable[Server]) -> None:
        """Sample these servers and no others, except for those that are paused.

        Another name or other tags disturb nobody.  A server that is reached in another way is left
        first, and what was known of it is forgotten: it was meant for another server.
        """
        wanted = {server.id: server for server in servers}
        for server_id, known in self._known.items():
            server = wanted.get(server_id)
            if server is None or server.paused or not self._learnt.has_pin(server, known):
                self._leave(server_id)
            if server is not None and not self._learnt.is_same(server, known):
                self._leave_and_forget(server_id)
            elif server is not None and known.pin and not server.pin:
                self._learnt.forget(server_id)
                if self._keeper is not None:
                    self._keeper.forget_pin(server_id)
        self._known = wanted
        for server in wanted.values():
            if server.id in self._samplers:
                self._samplers[server.id].server = server
            elif not server.paused:
                self._samplers[server.id] = self._sampler(server)
                self._start(server.id)

    def take_pin(self, server_id: str, pin: str) -> None:
        """A person has pinned this certificate of a server that is being opened with it."""
        self._learnt.pins[server_id] = pin

    def take_user(self, server_id: str, user: str) -> None:
        """A server that is open has let in this user, whom a person typed."""
        self._learnt.users[server_id] = user

    def give_token(self, server: Server, token: Secret, *, keep: bool) -> None:
        """Send a server, or the trial of one, this token from now on."""
        if self._keeper is None:
            return
        if is_trial(server.id):
            self.checks.note_trial(server.id)
        self._keeper.give_token(server, token, keep=keep)
        if server.id in self._samplers:
            self._samplers[server.id].retry()
            self._samplers[server.id].resume()

    def look_at_keyring(self) -> None:
        """Publish how the keyring does, which may be asked to unlock for it."""
        if self._keeper is not None:
            self._run_errand(self._publish_keyring(self._keeper))

    async def _publish_keyring(self, keeper: Keeper) -> None:
        self._publish(KeyringTold(await keeper.look_at_keyring()))

    def forget(self, server_id: str) -> None:
        """Leave a server and forget its secrets; the next `set_servers` may take it up again."""
        self._known.pop(server_id, None)
        self._learnt.forget(server_id)
        self._leave_and_forget(server_id)

    def watch(self, watches: Iterable[Watch]) -> None:
        """See to these watches, of whatever server, and to no others."""
        self._watches = tuple(watches)
        for server_id, sampler in self._samplers.items():
            sampler.watch(_of(server_id, self._watches))

    def set_rule_watches(self, watches: Iterable[Watch]) -> None:
        """See to these too, slowly and also while no window looks: the user's rules need them."""
        self._rule_watches = tuple(watches)
        for server_id, sampler in self._samplers.items():
            sampler.watch_for_rules(_of(server_id, self._rule_watches))

    def pause_polling(self, is_paused: bool) -> None:
        """Ask no server anything until this is taken back; connections stay open."""
        self._is_paused = is_paused
        for sampler in self._samplers.values():
            sampler.pause(is_paused)

    def send(self, errand: Errand) -> None:
        """Run an errand as soon as its server answers; `Brought` tells what has come of it."""
        if errand.server in self._samplers:
            self._samplers[errand.server].errands.send(errand)
        else:
            self._publish(not_run(errand))

    def drop(self, errand: Errand) -> None:
        """Nobody wants this errand any more."""
        if errand.server in self._samplers:
            self._samplers[errand.server].errands.drop(errand)

    def set_interval(self, seconds: float) -> None:
        """Ask no more often than this, and for everything now."""
        self._interval = seconds
        for sampler in self._samplers.values():
            sampler.set_interval(seconds)

    def refresh(self) -> None:
        """Ask every server for everything now, but those that wait for the user."""
        for sampler in self._samplers.values():
            sampler.set_interval(self._interval)
            sampler.refresh()

    def retry(self, server_id: str | None = None) -> None:
        """Try a failed server, or all of them, at once."""
        for sampled, sampler in self._samplers.items():
            if server_id in (None, sampled):
                sampler.retry()

    def answer(self, question: int, answer: Answer) -> None:
        """Hand a person's answer to the source that waits for it."""
        self._questions.answer(question, answer)

    def list_ssh_hosts(self) -> None:
        """Read the user's ssh_config and publish which hosts it names."""
        self._run_errand(self._publish_ssh_hosts())

    def _run_errand(self, errand: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    async def _publish_ssh_hosts(self) -> None:
        self._publish(await asyncio.to_thread(self._list_ssh_hosts))

    def resume(self) -> None:
        """Connect to every server anew: what was open leads nowhere after sleep or a move."""
        for sampler in self._samplers.values():
            sampler.resume()

    def _sampler(self, server: Server) -> Sampler:
        ask = partial(self._questions.ask, server.id)
        sampler = Sampler(server, self._open_source, self._publish, ask, self._alert_cursor)
        sampler.set_interval(self._interval)
        sampler.watch(_of(server.id, self._watches))
        sampler.watch_for_rules(_of(server.id, self._rule_watches))
        sampler.pause(self._is_paused)
        return sampler

    def _start(self, server_id: str) -> None:
        if self._is_running:
            before = self._samplings.at_work(server_id)
            run = self._sample(self._samplers[server_id], before)
            loop = asyncio.get_running_loop()
            task = loop.create_task(run, name=f"sampler {server_id}")
            self._samplings.add(server_id, task)
            self._tasks[server_id] = task

    async def _sample(self, sampler: Sampler, before: frozenset[asyncio.Task[None]]) -> None:
        await ended(before | self._settlements.at_work(sampler.server.id))
        await sampler.run()

    def _leave(self, server_id: str) -> None:
        self._samplers.pop(server_id, None)
        task = self._tasks.pop(server_id, None)
        if task is not None:
            task.cancel()

    def _leave_and_forget(self, server_id: str) -> None:
        self._leave(server_id)
        before = self._samplings.at_work(server_id) | self._settlements.at_work(server_id)
        task = asyncio.get_running_loop().create_task(self._forget_after(before, server_id))
        self._settlements.add(server_id, task)

    async def _forget_after(self, before: frozenset[asyncio.Task[None]], server_id: str) -> None:
        await ended(before)
        try:
            if self._forget is not None and await self._forget(server_id) is False:
                log.warning("the keyring may still hold a secret of %s", server_id)
        except Exception:
            log.exception("bug while forgetting %s", server_id)

    async def _settle_in_turn(self, trial: str, server_id: str) -> None:
        """Settle what was answered in a trial, once what was known before is forgotten."""
        if self._settle is None:
            return
        before, task = self._settlements.at_work(server_id), asyncio.current_task()
        if server_id and task is not None:
            self._settlements.add(server_id, task)
        await ended(before)
        await self._settle(trial, server_id)

    async def _watch_for_resume(self) -> None:
        """Notice that the machine has slept, is in another network, or is back in one."""
        checked, way = self._clock(), self._way()
        offline = not way
        while True:
            await asyncio.sleep(_CHECK)
            now, way_now = self._clock(), self._way()
            # Whether its own clocks stand still while a machine sleeps differs from one to another.
            if abs(now - checked - _CHECK) > _JUMP or way_now not in ((), way):
                log.info("connecting to everything anew: the machine has slept or moved")
                self.resume()
            elif offline and way_now:
                for sampler in self._samplers.values():
                    sampler.hurry()
            checked, way, offline = now, way_now or way, not way_now


def _of(server_id: str, watches: Iterable[Watch]) -> Iterator[Watch]:
    return (watch for watch in watches if watch.server == server_id)
