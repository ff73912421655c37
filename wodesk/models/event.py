"""All that the worker may say to the window; every event is frozen."""

from __future__ import annotations

from typing import Self

from msgspec import Struct

from wodesk.models.alert import AlertReport
from wodesk.models.errand import Errand, Outcome
from wodesk.models.errors import FailureKind, Hop
from wodesk.models.host import Host
from wodesk.models.metric import Series, Watch
from wodesk.models.notice import AlertBoard, AlertChange, Notice
from wodesk.models.question import Question
from wodesk.models.secret import KeyringStatus
from wodesk.models.ssh_hosts import SSHHost
from wodesk.models.step import Step


class Connecting(Struct, frozen=True):
    """A server is being tried."""

    server: str


class Connected(Struct, frozen=True):
    """A server answers; sent again at each heartbeat, with what it tells then."""

    server: str
    host: Host


class Frame(Struct, frozen=True):
    """The whole of what a watch shows.

    `now` is the source's clock and `taken_at` this computer's monotonic clock when the answer
    came; together they give the age of the data at any later moment.  `latency` is the seconds that
    the answer took, `pace` those to the next frame (infinite for a window that does not move).
    """

    watch: Watch
    series: Series
    now: float
    taken_at: float
    latency: float
    pace: float


class Failure(Struct, frozen=True):
    """A server does not answer as it should.

    `retry_in` is the seconds to the next try, or None when only the user can help.
    """

    server: str
    kind: FailureKind
    hop: Hop
    message: str
    advice: str
    retry_in: float | None


class Crash(Struct, frozen=True):
    """A bug in wodesk stopped the work for one server; `summary` is for the report of it."""

    server: str
    summary: str

    @classmethod
    def of(cls, server: str, exc: BaseException) -> Self:
        """What was raised, and where in wodesk.

        Its words are for the log, which takes secrets out: they may quote one.
        """
        where, trace = "", exc.__traceback__
        while trace is not None:
            module = str(trace.tb_frame.f_globals.get("__name__"))
            if module.startswith("wodesk."):
                where = f" in {module} line {trace.tb_lineno}"
            trace = trace.tb_next
        return cls(server, f"{type(exc).__name__}{where}")


class Asked(Struct, frozen=True):
    """A server's source waits for a person's answer."""

    question: Question


class Withdrawn(Struct, frozen=True):
    """A question is void: it was answered, or whoever asked it has gone."""

    question: int


class Pinned(Struct, frozen=True):
    """A person wants this certificate (its SHA-256) to be accepted for a server from now on."""

    server: str
    pin: str


class LoggedIn(Struct, frozen=True):
    """A server has let in a user whom a person typed, to be logged in as from now on."""

    server: str
    user: str


class KeyringTold(Struct, frozen=True):
    """How the keyring does, which somebody is about to give a secret."""

    status: KeyringStatus


class SSHHosts(Struct, frozen=True):
    """What the user's ssh_config names, and what could not be understood of it.

    `files` are those that were read; each of the `problems` is a sentence with file and line.
    """

    hosts: tuple[SSHHost, ...]
    files: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


class Checked(Struct, frozen=True):
    """A check took a hop; `number` is the check's."""

    number: int
    step: Step


class CheckDone(Struct, frozen=True):
    """A check is over; `ok` says whether every hop held."""

    number: int
    ok: bool


class AlertList(Struct, frozen=True):
    """What a look at a server's alerts has brought; a source that keeps none gives None.

    `at` is when, in epoch seconds of this computer's clock.  Where the alerts could not be read,
    `report` is None and `problem` says why, once until they can be: they are not checked then, and
    what was raised may be so still.
    """

    server: str
    report: AlertReport | None
    at: float
    problem: str = ""


class Measured(Struct, frozen=True):
    """How new a server's newest sample is, told now and then whether or not a window looks.

    `newest` and `now` are on the source's clock, in epoch seconds; `every` is how many seconds
    the row of `newest` stands for.
    """

    server: str
    newest: float
    now: float
    every: float


class BoardChanged(Struct, frozen=True):
    """The alerts that stand are others, or stand otherwise."""

    board: AlertBoard


class Noticed(Struct, frozen=True):
    """Somebody is to be told something; what is to be told at once comes together."""

    notices: tuple[Notice, ...]


class AlertHistory(Struct, frozen=True):
    """Rows of the history for the query with this number; `total` is how many there are."""

    number: int
    changes: tuple[AlertChange, ...]
    total: int


class Brought(Struct, frozen=True):
    """What has come of an errand to a server; it is over, but for a `Gathering`."""

    server: str
    errand: Errand
    outcome: Outcome


Event = (
    Connecting
    | Connected
    | Frame
    | AlertList
    | Measured
    | BoardChanged
    | Noticed
    | AlertHistory
    | Brought
    | Failure
    | Crash
    | Asked
    | Withdrawn
    | Pinned
    | LoggedIn
    | KeyringTold
    | SSHHosts
    | Checked
    | CheckDone
)
