"""The real nginx on a loopback port, set up as WordOps sets up its port 22222.

Debian's package is nginx-light.  WordOps' vhost is followed but for `more_set_headers`, which
needs a module, and for the addresses that are let in without a password: loopback is one there,
and here it has to log in.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import psutil
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.servers.lasting import Lasting
from tests.servers.program import end_session, free_port, require

USER, PASSWORD = "WordOps", "k3yb0ardCat"
_PATIENCE = 60.0
_IN_A_ROW = 5
_SETTLING = 0.05
_NEW_KEY = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
_CONFIGURATION = """\
{user}daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    log_format lines '$status $connection "$request" $remote_user';
    access_log {folder}/access.log lines;
    keepalive_timeout {keepalive};
    add_header X-Powered-By "WordOps" always;
    upstream netdata {{
        server {upstream};
        keepalive 64;
    }}
    server {{
        listen 127.0.0.1:{port} default_server ssl http2;
        server_name 22222 _;
        ssl_certificate {folder}/server.crt;
        ssl_certificate_key {folder}/server.key;
        ssl_protocols TLSv1.2 TLSv1.3;
        error_page 497 https://$host:{port}$request_uri;
        satisfy any;
        auth_basic "Restricted Area";
        auth_basic_user_file {folder}/htpasswd-wo;
        deny all;
        location = /netdata {{ return 301 /netdata/; }}
        location ~ ^/on/(?<ndport>[0-9]+)/netdata/(?<ndpath>.*) {{
            proxy_http_version 1.1;
            proxy_redirect off;
            proxy_set_header Host $host;
            proxy_set_header Connection "keep-alive";
            proxy_pass http://127.0.0.1:$ndport/$ndpath$is_args$args;
        }}
        location ~ /netdata/(?<ndpath>.*) {{
            proxy_redirect off;
            proxy_set_header Host $host;
            proxy_set_header X-Forwarded-Host $host;
            proxy_set_header X-Forwarded-Server $host;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_http_version 1.1;
            proxy_pass_request_headers on;
            proxy_set_header Connection "keep-alive";
            proxy_store off;
            proxy_pass http://netdata/$ndpath$is_args$args;
        }}
    }}
}}
"""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A certificate and its key, as PEM files."""

    certificate: Path
    key: Path

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the certificate in DER, in lower-case hex."""
        der = ssl.PEM_cert_to_DER_cert(self.certificate.read_text("ascii"))
        return hashlib.sha256(der).hexdigest()


def wordops_certificate(folder: Path) -> KeyPair:
    """What the installation of WordOps makes: RSA-2048, CN=localhost, X.509 v1, no SAN."""
    return self_signed_certificate(folder, "localhost")


def self_signed_certificate(folder: Path, name: str) -> KeyPair:
    """A certificate of that shape for another name."""
    _openssl(folder, "genrsa -out server.key 2048")
    _openssl(folder, f"req -new -batch -subj /commonName={name}/ -key server.key -out server.csr")
    _openssl(folder, "x509 -req -days 3652 -in server.csr -signkey server.key -out server.crt")
    return _pair(folder)


class Authority:
    """A certificate authority of its own; whoever is to trust it loads `certificate`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        _openssl(
            folder,
            f"req -x509 {_NEW_KEY} -days 30 -keyout server.key -out server.crt -subj /CN=Tests",
        )
        self.certificate = _pair(folder).certificate

    def expired(self, name: str) -> KeyPair:
        """A certificate for a name that ended yesterday, which newer openssl does not make."""
        folder = self.signed(name).certificate.parent
        issuer_key = serialization.load_pem_private_key(
            (self._folder / "server.key").read_bytes(), password=None
        )
        made = x509.load_pem_x509_certificate((folder / "server.crt").read_bytes())
        assert isinstance(issuer_key, ec.EllipticCurvePrivateKey)
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(made.subject)
            .issuer_name(made.issuer)
            .public_key(made.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=2))
            .not_valid_after(now - timedelta(days=1))
        )
        for extension in made.extensions:
            builder = builder.add_extension(extension.value, extension.critical)
        old = builder.sign(issuer_key, hashes.SHA256())
        (folder / "server.crt").write_bytes(old.public_bytes(serialization.Encoding.PEM))
        return _pair(folder)

    def signed(self, *names: str) -> KeyPair:
        """A certificate for names, or for addresses written as `IP:127.0.0.1`."""
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        listed = ",".join(name if name.startswith("IP:") else f"DNS:{name}" for name in names)
        (folder / "extensions").write_text(f"subjectAltName={listed}\n", "ascii")
        _openssl(folder, f"req -new {_NEW_KEY} -subj /CN=leaf -keyout server.key -out server.csr")
        _openssl(
            folder,
            "x509 -req -days 30 -in server.csr -CA ../server.crt -CAkey ../server.key "
            "-CAcreateserial -extfile extensions -out server.crt",
        )
        return _pair(folder)


class LiveNginx(Lasting):
    """An nginx of its own before `upstream`, a base URL on loopback; a context manager.

    All its files are in a temporary folder.  `users` maps names to passwords, which WordOps
    stores by apr1.  Without a certificate it makes itself the one of WordOps.  It drops an idle
    connection after `keepalive` seconds, at WordOps 8.
    """

    def __init__(
        self,
        upstream: str,
        *,
        certificate: KeyPair | None = None,
        users: Mapping[str, str] | None = None,
        keepalive: int = 8,
    ) -> None:
        self._program = require("nginx", "nginx-light")
        self._upstream = urlsplit(upstream).netloc
        self._certificate = certificate
        self._users = users if users is not None else {USER: PASSWORD}
        self._keepalive = keepalive
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0
        """The port; the same after a restart."""

    @property
    def url(self) -> str:
        """The base URL of the Netdata behind it, by address."""
        return f"https://127.0.0.1:{self.port}/netdata"

    @staticmethod
    def path_to(port: int) -> str:
        """The path below which it passes on to another Netdata on this port."""
        return f"/on/{port}/netdata"

    @property
    def folder(self) -> Path:
        """Where its files are."""
        if self._temporary is None:
            raise RuntimeError("not started")
        return Path(self._temporary.name)

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the certificate that it serves now, in lower-case hex."""
        return self._installed.fingerprint

    @property
    def access_log(self) -> list[str]:
        """A line for each request: status, number of the connection, request line, user.

        nginx writes it when the answer has gone, so what it holds has to settle first.
        """
        log = self.folder / "access.log"
        text = None
        while not self._is_idle() or text != (text := log.read_text("utf-8", "replace")):
            time.sleep(_SETTLING)
        return (text or "").splitlines()

    def _is_idle(self) -> bool:
        """Whether each of its processes waits for something to come, or there are none."""
        with suppress(psutil.NoSuchProcess):
            family = psutil.Process(self._process.pid).children() if self._process else []
            return all(one.status() == psutil.STATUS_SLEEPING for one in family)
        return True

    @property
    def statuses(self) -> list[int]:
        """The status of each answer, in order."""
        return [int(line.partition(" ")[0]) for line in self.access_log]

    @property
    def connections(self) -> int:
        """How many connections had a request."""
        return len({line.split(" ", 2)[1] for line in self.access_log})

    @property
    def error_log(self) -> str:
        """What fail2ban would read."""
        return (self.folder / "error.log").read_text("utf-8", "replace")

    def start(self) -> Self:
        """Start, and wait until it shakes hands."""
        if self._temporary is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="wodesk-nginx-")
            self.port = free_port()
            self._configure()
        with (self.folder / "output").open("ab") as output:
            files: list[str | Path] = [
                "-c",
                self.folder / "nginx.conf",
                "-e",
                self.folder / "error.log",
            ]
            self._process = subprocess.Popen(
                [self._program, "-p", self.folder, *files],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait()
        return self

    def stop(self) -> None:
        """Stop it and its workers, by their ids."""
        process, self._process = self._process, None
        if process is not None:
            end_session(process, _PATIENCE)

    def reload(self, certificate: KeyPair | None = None) -> None:
        """Have it read its files again, with another certificate; kept connections are closed."""
        if self._process is None:
            raise RuntimeError("not started")
        if certificate is not None:
            self._install(certificate)
        self._process.send_signal(signal.SIGHUP)
        self._wait()

    def close(self) -> None:
        """Stop it and forget its files."""
        self.stop()
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None

    @property
    def _installed(self) -> KeyPair:
        return _pair(self.folder)

    def _configure(self) -> None:
        folder = self.folder
        if self._certificate is None:
            wordops_certificate(folder)
        else:
            self._install(self._certificate)
        # Started by root it would serve as nobody, who may not read the folder.
        user = f"user {pwd.getpwuid(0).pw_name};\n" if os.geteuid() == 0 else ""
        text = _CONFIGURATION.format(
            user=user,
            folder=folder,
            upstream=self._upstream,
            port=self.port,
            keepalive=self._keepalive,
        )
        (folder / "nginx.conf").write_text(text, "utf-8")
        lines = [f"{user}:{self._apr1(secret)}" for user, secret in self._users.items()]
        (folder / "htpasswd-wo").write_text("\n".join(lines) + "\n", "utf-8")

    def _apr1(self, password: str) -> str:
        return _openssl(self.folder, "passwd -apr1 -stdin", given=password).strip()

    def _install(self, certificate: KeyPair) -> None:
        self._installed.certificate.write_bytes(certificate.certificate.read_bytes())
        self._installed.key.write_bytes(certificate.key.read_bytes())

    def _wait(self) -> None:
        """Until it serves the certificate that is installed, and no old worker answers."""
        deadline = time.monotonic() + _PATIENCE
        right = 0
        while right < _IN_A_ROW:
            right = right + 1 if _served(self.port) == self.fingerprint else 0
            dead = self._process is None or self._process.poll() is not None
            if dead or time.monotonic() > deadline:
                output = (self.folder / "output").read_text("utf-8", "replace")
                self.stop()
                raise RuntimeError(f"nginx does not serve\n{output}\n{self.error_log}")
            if not right:
                time.sleep(0.02)


def _served(port: int) -> str | None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with (
            socket.create_connection(("127.0.0.1", port), 1) as plain,
            context.wrap_socket(plain) as tls,
        ):
            return hashlib.sha256(tls.getpeercert(binary_form=True) or b"").hexdigest()
    except OSError:
        return None


def _pair(folder: Path) -> KeyPair:
    return KeyPair(folder / "server.crt", folder / "server.key")


def _openssl(folder: Path, command: str, given: str = "") -> str:
    """Run one of openssl's commands in a folder, by names without spaces."""
    done = subprocess.run(
        [require("openssl", "openssl"), *command.split()],
        cwd=folder,
        input=given,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout
