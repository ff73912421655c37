"""What each fault at each place on the way to a server is told as."""

from __future__ import annotations

from collections.abc import Mapping

from wodesk.models.errors import FailureKind, Hop

Told = tuple[FailureKind, Hop] | None
"""None for a burden that is borne."""
Ends = tuple[Told, Told]
"""What a fault is told as that comes while all works, and that is there when it is opened."""


def _both(kind: FailureKind, hop: Hop) -> Ends:
    return (kind, hop), (kind, hop)


BORNE: Ends = (None, None)
_UNREACHABLE, _TIMEOUT = FailureKind.UNREACHABLE, FailureKind.TIMEOUT
_REFUSED = _both(_UNREACHABLE, Hop.TCP)
_GONE, _SILENT = _both(_UNREACHABLE, Hop.HTTP), _both(_TIMEOUT, Hop.HTTP)
_NO_TLS, _MUTE_TLS = _both(_UNREACHABLE, Hop.TLS), _both(_TIMEOUT, Hop.TLS)
_SILENT_TLS: Ends = (_TIMEOUT, Hop.HTTP), (_TIMEOUT, Hop.TLS)
_NO_SSH, _SILENT_SSH = _both(_UNREACHABLE, Hop.SSH), _both(_TIMEOUT, Hop.SSH)
_STARTING = _both(FailureKind.STARTING, Hop.AGENT)
_DENIED = _both(FailureKind.DENIED, Hop.LOGIN)
_BAD_HTTP = _both(FailureKind.BAD_ANSWER, Hop.HTTP)
_NO_API = _both(FailureKind.BAD_ANSWER, Hop.AGENT)
_BAD_DATA: Ends = (FailureKind.BAD_ANSWER, Hop.DATA), (FailureKind.BAD_ANSWER, Hop.AGENT)
_BAD_METRICS = _both(FailureKind.BAD_ANSWER, Hop.DATA)
_BAD_LOGIN: Ends = (FailureKind.BAD_ANSWER, Hop.DATA), (FailureKind.BAD_ANSWER, Hop.LOGIN)

_OF_A_LINE: Mapping[str, Ends] = {
    "refuse": _REFUSED,
    "hang_up cut cut_up reset rst": _GONE,
    "mute stall stall_up slow": _SILENT,
    "flip noise": _BAD_HTTP,
    "late pieces": BORNE,
}
_OF_A_SERVER: Mapping[str, Ends] = {
    "status_401 status_403 status_412 status_451": _DENIED,
    "status_500 status_502 status_503_echo": _STARTING,
    "status_399 redirect_elsewhere redirect_loop huge gzip_bomb garbled_gzip": _BAD_HTTP,
    "status_404_html": _NO_API,
    "silence drip": _SILENT,
    "cut": _GONE,
}
_OF_AN_AGENT: Mapping[str, Ends] = {
    **_OF_A_SERVER,
    "html empty": _NO_API,
    "wrong_json json_array half_json nan deep_json deep_object": _BAD_DATA,
}
_SEEN_BY_CLIENTS: Mapping[str, Ends] = {
    "close reset not_http": _GONE,
    "many_headers": _BAD_HTTP,
}

_TABLE: Mapping[str, Mapping[str, Mapping[str, Ends]]] = {
    "plain": {
        "line to the agent": _OF_A_LINE,
        "agent": {**_OF_AN_AGENT, **_SEEN_BY_CLIENTS},
    },
    "pinned": {
        "line to nginx": {
            "refuse": _REFUSED,
            "hang_up cut cut_up reset rst flip flip_up twice noise": _NO_TLS,
            "mute": _MUTE_TLS,
            "stall stall_up slow": _SILENT_TLS,
            "late pieces": BORNE,
        },
        "line behind nginx": {
            "refuse hang_up reset cut_up": _STARTING,
            "cut rst": _GONE,
            "mute stall stall_up slow noise": _SILENT,
            "flip": _BAD_HTTP,
            "twice late pieces": BORNE,
        },
        "agent behind nginx": {
            **_OF_AN_AGENT,
            "close reset many_headers": _STARTING,
            "not_http": _SILENT,
        },
    },
    "tunnel": {
        "line to sshd": {
            "refuse": _REFUSED,
            "hang_up cut cut_up reset rst flip flip_up twice": _NO_SSH,
            "mute stall stall_up slow noise": _SILENT_SSH,
            "late pieces": BORNE,
        },
        "line behind sshd": {
            **_OF_A_LINE,
            "refuse": _both(_UNREACHABLE, Hop.AGENT),
        },
        "agent behind sshd": {**_OF_AN_AGENT, **_SEEN_BY_CLIENTS},
    },
    "dashboard": {
        "line to the dashboard": _OF_A_LINE,
        "dashboard": {
            **_OF_A_SERVER,
            **_SEEN_BY_CLIENTS,
            "html empty wrong_json json_array half_json deep_json deep_object": _BAD_LOGIN,
            "nan": _BAD_METRICS,
        },
    },
}

CELLS: Mapping[tuple[str, str, str], Ends] = {
    (way, place, fault): ends
    for way, places in _TABLE.items()
    for place, rows in places.items()
    for faults, ends in rows.items()
    for fault in faults.split()
}
"""Way, place and fault of every cell."""
