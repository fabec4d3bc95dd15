"""HTTPS, by a certificate of one's own and behind a proxy, on a served Dezhi."""

import os
import re
import ssl
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import trustme

from proxying import HOST, proxy
from running import dezhi
from servers import free_port

PUBLIC = f"https://{HOST}"
FOUNDING = {
    "province": "甘肃省",
    "city": "酒泉市",
    "county": "肃州区",
    "township": "上坝镇",
    "code": "620902101",
    "name": "刘芳",
    "login": "liu",
    "password": "油菜花开满山坡上2026",
}


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def write(folder: Path, leaf: trustme.LeafCert) -> dict[str, str]:
    """The settings for a certificate, after writing its files."""
    (folder / "cert.pem").write_bytes(b"".join(pem.bytes() for pem in leaf.cert_chain_pems))
    (folder / "key.pem").write_bytes(leaf.private_key_pem.bytes())
    return {"DEZHI_TLS_CERT": str(folder / "cert.pem"), "DEZHI_TLS_KEY": str(folder / "key.pem")}


def form(page: str, **fields: str) -> dict[str, str]:
    [token] = set(re.findall(r'name="_csrf_token" value="([^"]+)"', page))
    return {"_csrf_token": token, **fields}


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_certificate_of_ones_own(tmp_path: Path, authority: trustme.CA, version: ssl.TLSVersion) -> None:
    with dezhi("serve", tmp_path / "data", **write(tmp_path, authority.issue_cert("127.0.0.1"))) as served:
        context = trusting(authority)
        context.maximum_version = version
        assert f"{served.url}/setup/" in served.printed().replace("\n", "")
        with httpx.Client(base_url=served.url, verify=context) as client:
            answer = client.get("/staff")
            assert answer.status_code == 200
            assert "strict-transport-security" in answer.headers
            assert "secure" in answer.headers["set-cookie"].lower()
    assert "panicked" not in served.printed()


def test_a_certificate_that_cannot_be_used_is_told_at_once(tmp_path: Path, authority: trustme.CA) -> None:
    settings = write(tmp_path, authority.issue_cert(HOST))
    (tmp_path / "key.pem").write_bytes(authority.issue_cert(HOST).private_key_pem.bytes())
    for environment, word in [
        (settings, "不是一对"),
        ({"DEZHI_TLS_CERT": settings["DEZHI_TLS_CERT"]}, "DEZHI_TLS_KEY"),
        ({**settings, "DEZHI_TLS_KEY": str(tmp_path / "absent.pem")}, "absent.pem"),
        ({"DEZHI_PUBLIC_URL": "dezhi.example.cn"}, "DEZHI_PUBLIC_URL"),
        ({"DEZHI_PUBLIC_URL": "https://dezhi.example.cn/below"}, "DEZHI_PUBLIC_URL"),
        ({"DEZHI_TRUSTED_PROXIES": "10.0.0.0/8, nginx"}, "nginx"),
        ({"DEZHI_WORKERS": "2"}, "PostgreSQL"),
    ]:
        done = subprocess.run(
            [sys.executable, "-m", "dezhi", "serve", "--port", str(free_port()), "--data-dir", str(tmp_path / "data")],
            env={**os.environ, "NO_COLOR": "1", "COLUMNS": "1000", **environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 1, environment
        assert word in done.stderr, environment
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()


async def test_behind_a_proxy_of_the_recipe(tmp_path: Path, authority: trustme.CA) -> None:
    settings = {"DEZHI_PUBLIC_URL": PUBLIC, "DEZHI_TRUSTED_PROXIES": "127.0.0.1"}
    with dezhi("serve", tmp_path / "data", **settings) as served:
        inside = int(served.url.rpartition(":")[2])
        [address] = re.findall(re.escape(PUBLIC) + r"(/setup/\S+)", served.printed())
        async with (
            proxy(authority, inside) as outside,
            httpx.AsyncClient(base_url=f"https://127.0.0.1:{outside}", verify=trusting(authority)) as client,
        ):
            named = {"sni_hostname": HOST}  # as for a browser that finds the proxy under this name
            # What a visitor invents is replaced, or stands left of the truth.
            client.headers.update({"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "http", "Host": HOST})
            page = await client.get(address, extensions=named)
            assert page.status_code == 200
            data = form(page.text, **FOUNDING)
            founded = await client.post(address, data=data, extensions=named)
            assert (founded.status_code, founded.headers["location"]) == (303, "/township/villages/new")
            cookies = page.headers.get_list("set-cookie") + founded.headers.get_list("set-cookie")
            assert cookies
            assert [cookie for cookie in cookies if "secure" not in cookie.lower()] == []
            assert "上坝镇" in (await client.get("/township", extensions=named)).text
        # Past the proxy nothing says who is there: the pages stay open, the doors do not.
        async with httpx.AsyncClient(base_url=served.url) as client:
            assert (await client.get("/health/live")).status_code == 200
            assert (await client.get("/staff")).status_code == 403
    assert "panicked" not in served.printed()
