"""What it takes for a Netdata agent to measure what it does not yet.

What WordOps sets up by itself is in its own files; sockets and paths are those that it gives.
"""

from __future__ import annotations

from msgspec import Struct

_EDIT = "cd /etc/netdata; sudo ./edit-config go.d/{}.conf"
_RESTART = "sudo systemctl restart netdata"
_DEBIAN = "Debian's own netdata package cannot: it has no go.d.plugin."


class _Collector(Struct, frozen=True):
    """What a collector needs, in a sentence, and in commands that bring it about."""

    name: str
    needs: str
    commands: tuple[str, ...] = ()
    file: str = ""


_COLLECTORS = {
    "nginx": _Collector(
        "nginx",
        "Netdata reads nginx's stub_status page, which WordOps serves at "
        "http://127.0.0.1/stub_status; another one has to be named.",
        file="nginx",
    ),
    "phpfpm": _Collector(
        "PHP-FPM",
        "Set pm.status_path = /status in the pool, name its socket (WordOps has "
        "/var/run/php/php83-fpm.sock), and let Netdata use it:",
        ("sudo usermod -aG www-data netdata",),
        "phpfpm",
    ),
    "mysql": _Collector(
        "MariaDB",
        "Netdata logs in as root or as netdata, without a password, and needs no rights:",
        ("sudo mariadb -e \"CREATE USER 'netdata'@'localhost'\"",),
        "mysql",
    ),
    "redis": _Collector(
        "Redis",
        "Netdata asks Redis at 127.0.0.1:6379; one with a password, or elsewhere, has to be named.",
        file="redis",
    ),
    "web_log": _Collector(
        "web log",
        "WordOps switches access logs off: set access_log to a file in the site, and name it as "
        "path here.",
        file="web_log",
    ),
    "x509check": _Collector(
        "certificates",
        "Netdata looks at the certificates that are named, such as source: https://example.org:443",
        file="x509check",
    ),
    "fail2ban": _Collector(
        "fail2ban",
        "A recent Netdata asks fail2ban-client by itself where that is installed and has a jail.",
    ),
    "systemd": _Collector(
        "systemd services",
        "Name the units that matter under include, such as nginx, php*-fpm and mariadb.",
        file="systemdunits",
    ),
}
"""By the first part of a context."""


def part_of(context: str) -> str:
    """What of a server a context is about, as people call it."""
    section = context.partition(".")[0]
    return _COLLECTORS[section].name if section in _COLLECTORS else section


def how_to_measure(context: str, api: str = "") -> str:
    """How to have an agent measure a context, in lines, as far as wodesk knows; else nothing.

    `api` is the newest version of the API that the agent speaks.
    """
    collector = _COLLECTORS.get(context.partition(".")[0])
    if collector is None:
        return ""
    edit = (_EDIT.format(collector.file),) if collector.file else ()
    lines = (collector.needs, *collector.commands, *edit, _RESTART)
    return "\n".join((*lines, *((_DEBIAN,) if api == "v1" else ())))
