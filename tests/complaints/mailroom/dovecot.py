"""A real IMAP server of one's own: temporary folders, a free port, no service of the system."""

import grp
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from imaplib import IMAP4
from pathlib import Path
from urllib.parse import quote

from config.launch_valkey import free_port

DOVECOT = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
#: With all that means something else in a URL or between two of them.
PASSWORD = "s3cret,with@signs:here/there"

CONFIG = """\
protocols = imap
listen = 127.0.0.1
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
ssl = {ssl}
{certificate}
disable_plaintext_auth = no
mail_location = maildir:{home}/mail/%u
{people}
first_valid_uid = 1
mail_fsync = never
namespace inbox {{
  inbox = yes
  separator = /
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


def a_home() -> Path:
    """Not under pytest's own folder, which each run of it closes to everybody else, the server's workers among them."""
    return Path(tempfile.mkdtemp(prefix="dovecot-"))


class Dovecot:
    def __init__(self, home: Path, *, certificate: Path | None = None) -> None:
        self.home, self.port, self.tls_port = home, free_port(), free_port()
        self._config = home / "dovecot.conf"
        owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        for name in ("run", "state", "mail"):
            (home / name).mkdir(parents=True)
        if os.geteuid() == 0:
            os.chown(home / "mail", owner.pw_uid, owner.pw_gid)
            home.chmod(0o711)
        tls = f"ssl_cert = <{certificate}\nssl_key = <{certificate}" if certificate else ""
        self._config.write_text(
            CONFIG.format(
                home=home,
                ssl="yes" if certificate else "no",
                certificate=tls,
                people=_people(owner) if os.geteuid() else "",
                password=PASSWORD,
                uid=owner.pw_uid,
                gid=owner.pw_gid,
                port=self.port,
                tls_port=self.tls_port if certificate else 0,
            )
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        assert DOVECOT
        self._process = subprocess.Popen([DOVECOT, "-F", "-c", str(self._config)], start_new_session=True)
        for _ in range(100):
            try:
                IMAP4("127.0.0.1", self.port, timeout=5).logout()
            except (OSError, IMAP4.error):
                time.sleep(0.05)
            else:
                return
        raise RuntimeError((self.home / "log").read_text())

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(timeout=10)
        shutil.rmtree(self.home, ignore_errors=True)

    def url(self, user: str = "complaints", *, port: int = 0, query: str = "") -> str:
        return f"imap://{user}:{quote(PASSWORD, safe='')}@127.0.0.1:{port or self.port}/INBOX{query}"

    @contextmanager
    def session(self, user: str = "complaints") -> Iterator[IMAP4]:
        with IMAP4("127.0.0.1", self.port, timeout=10) as imap:
            imap.login(user, PASSWORD)
            imap.select("INBOX")
            yield imap

    def deliver(self, *mails: bytes, user: str = "complaints", folder: str = "INBOX") -> None:
        with self.session(user) as imap:
            for mail in mails:
                answer, said = imap.append(folder, "", "", mail)
                assert answer == "OK", said

    def rebuild(self, user: str = "complaints") -> None:
        """The mails stay, their numbers do not: a new UIDVALIDITY, as after a restore or a move to another server."""
        for path in (self.home / "mail" / user).glob("dovecot*"):
            if path.is_file():
                path.unlink()
        time.sleep(1.1)  # the new generation is named by the second

    def flags(self, user: str = "complaints") -> list[str]:
        with self.session(user) as imap:
            return [str(line) for line in imap.fetch("1:*", "(FLAGS)")[1]]


def _people(owner: pwd.struct_passwd) -> str:
    """Not as root every part of the server runs as oneself."""
    group = grp.getgrgid(owner.pw_gid).gr_name
    return (
        f"default_login_user = {owner.pw_name}\n"
        f"default_internal_user = {owner.pw_name}\ndefault_internal_group = {group}"
    )
