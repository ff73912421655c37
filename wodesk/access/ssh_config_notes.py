"""What ssh_config says and wodesk does not do, in words: nothing is left out in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wodesk.access.ssh_config_lines import SYSTEM_FOLDER, BadLine, Line

_FORWARDS = "wodesk opens no ports and forwards nothing"
_KEY_KINDS = "wodesk offers keys of every kind that it knows, RSA with SHA-2 before SHA-1"
_INSTEAD = {
    "AddKeysToAgent": "a key that wodesk opens stays in wodesk alone",
    "BatchMode": "wodesk asks you what it needs to know",
    "BindInterface": "the system chooses the interface; BindAddress is honoured",
    "CanonicalizeHostname": "the name is looked up as it stands",
    "CheckHostIP": "host keys are looked up by name alone",
    "ControlMaster": "wodesk makes a connection of its own",
    "DynamicForward": _FORWARDS,
    "GSSAPIAuthentication": "keys and passwords alone log in, no Kerberos ticket does",
    "HostbasedAuthentication": "keys and passwords alone log in",
    "KnownHostsCommand": "host keys come from known_hosts files alone",
    "LocalForward": _FORWARDS,
    "NoHostAuthenticationForLocalhost": "host keys are always checked",
    "PermitLocalCommand": "LocalCommand is not run",
    "PKCS11Provider": "keys on smartcards log in through the SSH agent alone",
    "PubkeyAcceptedAlgorithms": _KEY_KINDS,
    "PubkeyAcceptedKeyTypes": _KEY_KINDS,
    "RemoteForward": _FORWARDS,
    "SecurityKeyProvider": "security keys log in through the SSH agent",
    "StrictHostKeyChecking": "you are asked about a host key that is not known",
    "Tunnel": _FORWARDS,
    "UpdateHostKeys": "known_hosts gets the keys that you accept, and no others",
    "VerifyHostKeyDNS": "no host key is trusted because DNS has it",
}
"""What happens instead.  Where that is stricter than ssh, it is so on purpose."""
_SPELLED = {option.lower(): option for option in _INSTEAD}

_HONOURED = """
addressfamily bindaddress casignaturealgorithms certificatefile challengeresponseauthentication
ciphers compression globalknownhostsfile hashknownhosts hostkeyalgorithms hostkeyalias hostname
identitiesonly identityagent identityfile kbdinteractiveauthentication kexalgorithms macs
passwordauthentication port preferredauthentications proxycommand proxyjump proxyusefdpass
pubkeyauthentication refuseconnection rekeylimit requiredrsasize revokedhostkeys tag tcpkeepalive
user userknownhostsfile
"""
"""Each does what it does with ssh, or the connection is refused with a sentence."""
_WITHOUT_EFFECT = """
canonicaldomains canonicalizefallbacklocal canonicalizemaxdots canonicalizepermittedcnames
channeltimeout clearallforwardings connectionattempts connecttimeout controlpath controlpersist
enableescapecommandline enablesshkeysign escapechar exitonforwardfailure fingerprinthash
forkafterauthentication forwardagent forwardx11 forwardx11timeout forwardx11trusted gatewayports
gssapiclientidentity gssapidelegatecredentials gssapikexalgorithms gssapikeyexchange
gssapirenewalforcesrekey gssapiserveridentity gssapitrustdns hostbasedacceptedalgorithms
hostbasedkeytypes ignoreunknown ipqos kbdinteractivedevices localcommand loglevel logverbose
numberofpasswordprompts obscurekeystroketiming permitremoteopen protocol remotecommand requesttty
sendenv serveralivecountmax serveraliveinterval sessiontype setenv stdinnull streamlocalbindmask
streamlocalbindunlink syslogfacility tunneldevice useprivilegedport versionaddendum visualhostkey
warnweakcrypto xauthlocation
"""
"""Those of a shell, of its forwards, of what ssh writes, of an option above, and of times: a
connection that is to stay has patience and signs of life of its own."""
_SILENT = frozenset((_HONOURED + _WITHOUT_EFFECT).split())

_OFF = frozenset({"no", "none", "false"})
_LAX = frozenset({"accept-new", "no", "off", "false"})
_LONGEST = 80


def notes(said: Mapping[str, Line]) -> tuple[str, ...]:
    """A sentence for each option that holds and is not honoured, with its file and line."""
    return tuple(_notes(said))


def _notes(said: Mapping[str, Line]) -> Iterator[str]:
    for keyword, line in said.items():
        option = _SPELLED.get(keyword)
        if option is not None and _asks_for_more(line):
            value = _shown(" ".join(_words(line)))
            yield f"{option} {value} ({line.place}): {_INSTEAD[option]}."
        elif option is None and keyword not in _SILENT:
            yield f"{_shown(keyword)} ({line.place}) is not known to wodesk, and left out."


def _asks_for_more(line: Line) -> bool:
    """Whether an option asks for something that is not done anyway."""
    value = next(iter(_words(line)), "").lower()
    if line.keyword == "stricthostkeychecking":
        return value in _LAX
    if line.keyword == "gssapiauthentication" and line.file.is_relative_to(SYSTEM_FOLDER):
        return False  # Debian has it for every host, tickets or not.
    return value not in _OFF


def _words(line: Line) -> tuple[str, ...]:
    try:
        return line.words
    except BadLine:  # a command may have a quote that is the shell's to understand
        return (line.rest,)


def _shown(text: str) -> str:
    shown = "".join(letter if letter.isprintable() else "?" for letter in text)
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
