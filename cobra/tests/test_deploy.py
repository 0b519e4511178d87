"""What is in `deploy/` is understood by the programs that it is for, as far as they are installed here.

No container engine is asked: the compose file is read as YAML and compared with what it names.
"""

import re
import shutil
import subprocess
import sys
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from rooms import bot_stream, roomless_stream, stream

DEPLOY = settings.BASE_DIR / "deploy"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin")
ANALYZE, OPENSSL = shutil.which("systemd-analyze"), shutil.which("openssl")


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.skipif(not (NGINX and OPENSSL), reason="needs nginx and openssl")
@pytest.mark.parametrize("upstream", ["upstream-systemd", "upstream-compose"])
def test_nginx_takes_its_configuration(tmp_path: Path, upstream: str) -> None:
    subject = ["-subj", "/CN=cobra.example", "-days", "1"]
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    files: list[str | Path] = ["-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem"]
    assert run("openssl", "req", "-x509", *curve, *subject, *files).returncode == 0
    (tmp_path / "mime.types").write_text("types { text/html html; }")
    for name in ("nginx.conf", "site.conf", "streams.conf", f"{upstream}.conf"):
        text = (DEPLOY / "nginx" / name).read_text()
        for there in ("/etc/nginx/certificates", "/etc/nginx", "/var/log/nginx", "/var/cache/nginx", "/run"):
            text = text.replace(f"{there}/", f"{tmp_path}/")
        text = re.sub(r"listen (\[::\]:)?(80|443)\b", r"listen \g<1>1\2", text)
        (tmp_path / name.replace(upstream, "upstream")).write_text(text)
    done = run(str(NGINX), "-t", "-p", tmp_path, "-e", "stderr", "-c", tmp_path / "nginx.conf")
    assert done.returncode == 0, done.stderr


def test_nginx_holds_back_no_stream_and_only_streams() -> None:
    site = (DEPLOY / "nginx" / "site.conf").read_text()
    assert "proxy_buffering off" in (DEPLOY / "nginx" / "streams.conf").read_text()
    rooms, roomless = re.findall(
        r"location ~ (\S+) \{\s+proxy_pass http://\w+;\s+include \S+/streams\.conf;\s+\}", site
    )
    for path in ("/posts/12/room/stream/", "/api/chat/room/12/stream/"):
        assert re.search(rooms, path)
        assert stream.room_of(path) or bot_stream.room_of(path)
    assert re.search(roomless, "/stream/")
    assert "/stream/" in roomless_stream.PATHS
    assert not re.search(f"{rooms}|{roomless}", "/posts/12/room/")


@pytest.mark.parametrize("upstream", ["upstream-systemd", "upstream-compose"])
def test_nginx_always_has_somebody_to_ask(upstream: str) -> None:
    text = (DEPLOY / "nginx" / f"{upstream}.conf").read_text()
    for servers in re.findall(r"(?s)upstream \w+ \{(.*?)\n\}", text):
        rows = re.findall(r"(?m)^    server (\S+) (.*);$", servers)
        assert len({address for address, _ in rows}) == 2
        # Who failed is left out for a while, and the other may be away by then.
        assert {address for address, how in rows if "max_fails=0" in how} == {address for address, _ in rows}


def test_systemd_asks_a_process_where_it_listens() -> None:
    unit = (DEPLOY / "systemd" / "cobra@.service").read_text()
    assert re.search(r"(?m)^Environment=.*\bBIND_HOST=127\.0\.0\.1\b", unit)
    assert re.search(r"(?m)^ExecStartPost=.* http://\$\{BIND_HOST\}:%i/healthz$", unit)


@pytest.mark.skipif(not ANALYZE, reason="needs systemd-analyze")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    # It also looks whether the programs are there, which here are elsewhere.
    for unit in (DEPLOY / "systemd").glob("cobra*"):
        text = unit.read_text().replace("/srv/cobra/.venv/bin/python", sys.executable)
        text = text.replace("/usr/bin/curl", "/bin/true").replace("file:///srv/cobra", "file:///")
        (tmp_path / unit.name).write_text(text)
    units = [tmp_path / name for name in ("cobra@8001.service", "cobra.target", "cobra-backup.timer")]
    shutil.copy(tmp_path / "cobra@.service", units[0])
    done = run(str(ANALYZE), "verify", "--man=no", "--recursive-errors=no", *units)
    ours = [row for row in done.stderr.splitlines() if "cobra" in row]
    assert (done.returncode, ours) == (0, [])


def test_the_compose_file_starts_all_of_it() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    services = compose["services"]
    assert set(services) == {"migrate", "app1", "app2", "database", "redis", "pushpin", "nginx"}
    # nginx goes by addresses, which nobody else is given.
    upstream = (DEPLOY / "nginx" / "upstream-compose.conf").read_text()
    address = {name: services[name]["networks"]["default"]["ipv4_address"] for name in ("app1", "app2", "pushpin")}
    assert set(re.findall(r"server ([\d.]+):8000", upstream)) == {address["app1"], address["app2"]}
    assert f"# server {address['pushpin']}:7999;" in upstream
    (network,) = compose["networks"]["default"]["ipam"]["config"]
    others = IPv4Network(network["ip_range"])
    assert others.subnet_of(IPv4Network(network["subnet"]))
    assert not any(IPv4Address(taken) in others for taken in (*address.values(), network["gateway"]))
    # At its socket PostgreSQL answers while it is still being set up.
    assert "-h" in services["database"]["healthcheck"]["test"]
    # What `up --wait` waits for; of a service that says nothing it takes a restart without end for a start.
    assert "healthcheck" in services["nginx"]
    for source in (volume.split(":")[0] for volume in services["nginx"]["volumes"]):
        assert (DEPLOY / source).exists() or source in {"./certificates", "./acme"}
    for name in ("app1", "app2", "migrate"):
        assert (settings.BASE_DIR / services[name]["build"]["dockerfile"]).is_file()
        # Whom the site believes is where nginx asks from.
        assert services[name]["environment"]["TRUSTED_PROXIES"] == network["subnet"]


def test_the_image_holds_every_part_and_is_nobodys_root() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    for app in ("accounts", "board", "cobra", "rooms", "locale", "static", "templates"):
        assert f"COPY {app} {app}\n" in text
    assert "--require-hashes" in text
    assert "\nUSER cobra\n" in text
    assert "/healthz" in text


def test_what_has_no_wheel_is_named_and_pinned() -> None:
    (names,) = re.findall(r"--only-binary :all: --no-binary (\S+)", (DEPLOY / "Containerfile").read_text())
    pinned = (settings.BASE_DIR / "requirements.txt").read_text()
    for name in names.split(","):
        # One file in the index, and so one hash.
        assert re.search(rf"(?m)^{name}==\S+ \\\n    --hash=\S+$", pinned)
