"""What it takes for a Netdata agent to measure what it does not yet."""

from __future__ import annotations

_EDIT = "In /etc/netdata: sudo ./edit-config go.d/{}.conf"
_HOW = {
    "nginx": (
        "Netdata reads nginx's stub_status page, which WordOps serves at 127.0.0.1/stub_status.",
        "nginx",
    ),
    "phpfpm": (
        "Set pm.status_path in the pool, name its socket, and put the user netdata into the "
        "group www-data.",
        "phpfpm",
    ),
    "mysql": ("MariaDB needs a user netdata for it, with the right USAGE alone.", "mysql"),
    "redis": (
        "Netdata asks Redis at 127.0.0.1:6379; one with a password has to be named.",
        "redis",
    ),
    "web_log": (
        "WordOps writes no access log, or one a site: switch access_log on, and name its file.",
        "web_log",
    ),
    "x509check": ("Name the sites whose certificates are to be looked at.", "x509check"),
    "fail2ban": ("A recent Netdata asks fail2ban-client by itself where it is installed.", ""),
    "systemd": (
        "Name the units that matter, such as nginx, php*-fpm and mariadb.",
        "systemdunits",
    ),
}
"""By the first part of a context: a sentence, and the file of the collector."""


_NAMES = {
    "phpfpm": "PHP-FPM",
    "mysql": "MariaDB",
    "redis": "Redis",
    "web_log": "answers by kind",
    "x509check": "certificates",
    "systemd": "systemd services",
}


def part_of(context: str) -> str:
    """What of a server a context is about, as people call it."""
    section = context.partition(".")[0]
    return _NAMES.get(section, section)


def how_to_measure(context: str) -> str:
    """How to have an agent measure a context, as far as wodesk knows; else nothing."""
    sentence, file = _HOW.get(context.partition(".")[0], ("", ""))
    return f"{sentence} {_EDIT.format(file)}" if file else sentence
