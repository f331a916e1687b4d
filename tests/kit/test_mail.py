"""Does a letter reach a real mail server by TLS, and a folder once, and is it known when it never will?"""

import email
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.kit.mail import FolderMailer, SmtpMailer, Undeliverable, compose
from app.settings import Settings
from tests.commands.servers import free_port

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Box:
    """A mail server's mailbox, which answers as it is told to."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refusals: dict[str, str] = {}
        self.at_data = "250 OK"

    async def handle_RCPT(self, *given: Any) -> str:  # noqa: N802  aiosmtpd's name
        _server, _session, envelope, address, _options = given
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, *given: Any) -> str:  # noqa: N802  aiosmtpd's name
        envelope: Any = given[-1]
        if self.at_data.startswith("2"):
            self.letters.append(email.message_from_bytes(envelope.content, policy=policy.default))
        return self.at_data


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine, its own authority."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "prov")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))  # noqa: TID251  real time: TLS looks at the real clock
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))  # noqa: TID251  as above
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "prov.pem"
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path.write_bytes(key.private_bytes(*form) + made.public_bytes(serialization.Encoding.PEM))
    return path


def served(box: Box, **options: Any) -> Controller:
    controller = Controller(box, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    return controller


def authenticator(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    is_right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"brev", b"hemligt:ord")
    return AuthResult(success=is_right, handled=is_right)


@pytest.fixture(scope="module")
def box() -> Box:
    return Box()


@pytest.fixture(scope="module")
def secure(box: Box, certificate: Path) -> Iterator[Controller]:
    """A server that takes letters only by STARTTLS, from who logs in."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    controller = served(
        box, tls_context=context, require_starttls=True, auth_required=True, authenticator=authenticator
    )
    yield controller
    controller.stop()


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


def letter(to: str = "ada@example.org", key: str = "0199-1") -> EmailMessage:
    return compose(
        sender="brev@example.org", to=to, subject="Påminnelse", body="Dags för avstämning.\n", key=key, at=NOW
    )


def test_a_letter_arrives_by_starttls(secure: Controller, box: Box, trusted: None) -> None:
    mailer = SmtpMailer.at(f"smtp://brev:hemligt%3Aord@127.0.0.1:{secure.port}")
    mailer.send(letter())
    (arrived,) = box.letters
    assert (arrived["To"], arrived["Subject"], arrived["Message-ID"]) == (
        "ada@example.org",
        "Påminnelse",
        "<0199-1@example.org>",
    )
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived.get_content().replace("\r\n", "\n") == "Dags för avstämning.\n"
    assert "hemligt" not in repr(mailer)


def test_a_server_nobody_vouches_for_gets_nothing(secure: Controller, box: Box) -> None:
    before = len(box.letters)
    with pytest.raises(ssl.SSLCertVerificationError):
        SmtpMailer.at(f"smtp://brev:hemligt%3Aord@127.0.0.1:{secure.port}").send(letter())
    assert len(box.letters) == before


def test_a_wrong_password_is_no_fault_of_the_letter(secure: Controller, trusted: None) -> None:
    with pytest.raises(Exception, match="535"):
        SmtpMailer.at(f"smtp://brev:fel@127.0.0.1:{secure.port}").send(letter())


def test_tls_from_the_first_byte(certificate: Path, trusted: None) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    box = Box()
    controller = served(box, ssl_context=context)
    try:
        SmtpMailer.at(f"smtps://127.0.0.1:{controller.port}").send(letter())
    finally:
        controller.stop()
    assert len(box.letters) == 1


@pytest.fixture
def plain() -> Iterator[Controller]:
    controller = served(Box())
    yield controller
    controller.stop()


def test_no_letter_goes_in_the_clear_unless_said(plain: Controller) -> None:
    with pytest.raises(Exception, match="STARTTLS"):
        SmtpMailer.at(f"smtp://127.0.0.1:{plain.port}").send(letter())
    assert plain.handler.letters == []
    SmtpMailer.at(f"smtp+plain://127.0.0.1:{plain.port}").send(letter())
    assert len(plain.handler.letters) == 1


def test_what_is_refused_for_good_is_told_from_what_is_refused_for_now(plain: Controller) -> None:
    mailer = SmtpMailer.at(f"smtp+plain://127.0.0.1:{plain.port}")
    plain.handler.refusals = {"gone@example.org": "550 No such mailbox gone", "full@example.org": "452 Mailbox full"}
    with pytest.raises(Undeliverable) as refused:
        mailer.send(letter("gone@example.org"))
    assert "gone" not in str(refused.value)
    with pytest.raises(Exception, match="452"):
        mailer.send(letter("full@example.org"))
    plain.handler.at_data = "554 Looks like spam"
    with pytest.raises(Undeliverable):
        mailer.send(letter())
    plain.handler.at_data = "451 Later"
    with pytest.raises(Exception, match="451"):
        mailer.send(letter())


def test_nobody_there_is_for_now() -> None:
    with pytest.raises(OSError, match="refused"):
        SmtpMailer.at(f"smtp+plain://127.0.0.1:{free_port()}").send(letter())


def test_a_folder_has_each_letter_once(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path / "mailbox")
    for key in ("0199-1", "0199-2", "0199-1"):
        mailer.send(letter(key=key))
    found = sorted((tmp_path / "mailbox").iterdir())
    assert [path.name for path in found] == ["0199-1.eml", "0199-2.eml"]
    kept = email.message_from_bytes(found[0].read_bytes(), policy=policy.default)
    assert (kept["To"], kept.get_content()) == ("ada@example.org", "Dags för avstämning.\n")
    assert (tmp_path / "mailbox").stat().st_mode & 0o077 == 0


def test_a_line_break_does_not_become_a_header() -> None:
    with pytest.raises(ValueError, match="linefeed"):
        letter("ada@example.org\nBcc: alla@example.org")


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "mail.example", "smtp+plain://mail.example:25"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="smtp"):
        SmtpMailer.at(url)


def test_the_usual_ports() -> None:
    ports = {scheme: SmtpMailer.at(f"{scheme}://localhost").port for scheme in ("smtp", "smtps", "smtp+plain")}
    assert ports == {"smtp": 587, "smtps": 465, "smtp+plain": 25}


def settings(**given: Any) -> Settings:
    return Settings(**given)


def test_settings_choose_where_letters_go(tmp_path: Path) -> None:
    assert Settings(data_folder=tmp_path).mailer == FolderMailer(tmp_path / "mailbox")
    set_up = settings(smtp_url="smtps://brev:ord@mail.example", mail_from="brev@example.org")
    assert set_up.mailer == SmtpMailer("mail.example", 465, "smtps", "brev", "ord")
    assert "ord@" not in repr(set_up)
    for wrong in (  # no sender, no mail server, no address
        {"smtp_url": "smtps://mail.example"},
        {"smtp_url": "ftp://mail.example", "mail_from": "brev@example.org"},
        {"mail_from": "ingen adress"},
    ):
        with pytest.raises(ValueError, match=r"MAIL_FROM|smtp|e-mail"):
            settings(**wrong)
