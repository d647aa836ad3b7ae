"""Addresses through DuckDB's real extensions, against servers on the loopback interface.

The extensions come from PyPI for one version of DuckDB, which therefore lies in a folder of its own, made
once: `.venv-cloud`, or where FOCUS_VALIDATE_CLOUD says.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from cli.conftest import PERIOD, PERIOD_COLUMNS
from spec.base_rows import base_rows

from .storage import ACCOUNT, ACCOUNT_KEY, KEY, SECRET, Storage, certificate

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).parents[3]
VERSION = "1.5.5"
PACKAGES = [f"{name}=={VERSION}" for name in ("duckdb", "duckdb-extension-azure", "duckdb-extension-httpfs")]
GOOD = f"{PERIOD_COLUMNS}\n{PERIOD}\n".encode()
BAD = f"{PERIOD_COLUMNS}\n{PERIOD.replace('Closed', 'closed')}\n".encode()
SECRETS = (SECRET, ACCOUNT_KEY, "p4ss", "s1gn")
Check = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def packages() -> Path:
    """The folder with DuckDB and its extensions; made anew when the version changes."""
    folder = Path(os.environ.get("FOCUS_VALIDATE_CLOUD", REPOSITORY / ".venv-cloud"))
    tag = f"{VERSION}-{sys.version_info.major}.{sys.version_info.minor}"
    stamp = folder / "installed"
    if not stamp.is_file() or stamp.read_text() != tag:
        shutil.rmtree(folder, ignore_errors=True)
        command = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "-q",
            "--no-deps",
            "--target",
            str(folder),
            *PACKAGES,
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
        assert done.returncode == 0, done.stderr
        stamp.write_text(tag)
    return folder


@pytest.fixture
def storage() -> Iterator[Storage]:
    server = Storage()
    server.files |= {"bills/2026/a.csv": GOOD, "bills/2026/b.csv": BAD}
    yield server
    server.close()


@pytest.fixture
def check(packages: Path, tmp_path: Path) -> Check:
    """Run a command of focus-validate in an empty folder and home, with the given environment."""
    work, home = tmp_path / "work", tmp_path / "home"
    work.mkdir()
    home.mkdir()
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "AZURE_", "SSL_"))
    }

    def start(
        *arguments: str, command: str = "check", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "focus_validate", command, *arguments],
            cwd=work,
            env={**kept, "HOME": str(home), "PYTHONPATH": str(packages), "COLUMNS": "200", **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        for secret in SECRETS:
            assert secret not in done.stdout + done.stderr
        if done.returncode == 2:
            assert (done.stdout, done.stderr.count("\n")) == ("", 1)
        return done

    return start


def aws(storage: Storage, key: str = KEY) -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": key,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_REGION": "eu-central-1",
        "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{storage.port}",
    }


def azure(storage: Storage, account: str = ACCOUNT) -> dict[str, str]:
    endpoint = f"http://127.0.0.1:{storage.port}/{ACCOUNT}"
    parts = ("DefaultEndpointsProtocol=http", f"AccountName={account}", f"AccountKey={ACCOUNT_KEY}")
    return {"AZURE_STORAGE_CONNECTION_STRING": ";".join((*parts, f"BlobEndpoint={endpoint};"))}


def gcs(storage: Storage, home: Path, packages: Path) -> dict[str, str]:
    """A secret that the user once gave to DuckDB: HMAC keys, as GCS has them for this protocol."""
    script = (
        "import duckdb, sys; c = duckdb.connect(); c.load_extension(sys.argv[1]);"
        f"c.execute(\"create persistent secret bills (type gcs, key_id '{KEY}', secret '{SECRET}',"
        f" endpoint '127.0.0.1:{storage.port}', url_style 'path', use_ssl false)\")"
    )
    extension = packages / f"duckdb_extension_httpfs/extensions/v{VERSION}/httpfs.duckdb_extension"
    environment = {**os.environ, "HOME": str(home), "PYTHONPATH": str(packages)}
    subprocess.run([sys.executable, "-c", script, str(extension)], env=environment, check=True)
    return {}


@pytest.fixture(params=["s3", "gcs", "gs", "az", "azure"])
def place(
    request: pytest.FixtureRequest, storage: Storage, tmp_path: Path, packages: Path, check: Check
) -> tuple[str, dict[str, str]]:
    """A scheme, and the environment that has the credentials for it."""
    scheme = request.param
    if scheme in ("gcs", "gs"):
        return scheme, gcs(storage, tmp_path / "home", packages)
    return scheme, (aws if scheme == "s3" else azure)(storage)


def test_a_file_is_fetched_and_judged(place: tuple[str, dict[str, str]], check: Check) -> None:
    scheme, environment = place
    assert check(f"{scheme}://bills/2026/a.csv", **environment).returncode == 0
    done = check(f"{scheme}://bills/2026/b.csv", "--format", "json", **environment)
    assert done.returncode == 1
    [source] = json.loads(done.stdout)["inputs"]
    assert (source["path"], source["bytes"], source["rows"]) == (f"{scheme}://bills/2026/b.csv", len(BAD), 1)


def test_a_pattern_is_every_file_that_fits(place: tuple[str, dict[str, str]], check: Check) -> None:
    scheme, environment = place
    done = check(f"{scheme}://bills/2026/*.csv", "--format", "json", **environment)
    report = json.loads(done.stdout)
    assert [source["path"][-6:] for source in report["inputs"]] == ["/a.csv", "/b.csv"]
    broken = next(rule for rule in report["rules"] if rule["status"] == "fail" and rule["kind"] == "leaf")
    assert [(sample["file"][-6:], sample["row"]) for sample in broken["samples"]] == [("/b.csv", 1)]


@pytest.mark.parametrize("name", ["2026/gone.csv", "2026/gone*.csv"])
def test_what_is_not_there_is_one_line(name: str, place: tuple[str, dict[str, str]], check: Check) -> None:
    scheme, environment = place
    done = check(f"{scheme}://bills/{name}", **environment)
    assert done.returncode == 2
    assert f"{scheme}://bills/{name}" in done.stderr
    assert "check the" in done.stderr


@pytest.mark.parametrize("scheme", ["s3", "az"])
def test_credentials_that_are_refused_are_one_line(scheme: str, storage: Storage, check: Check) -> None:
    environment = aws(storage, "AKIAOTHER") if scheme == "s3" else azure(storage, "otheraccount")
    done = check(f"{scheme}://bills/2026/a.csv", **environment)
    assert done.returncode == 2
    assert "cannot be fetched" in done.stderr
    assert "check the address and the credentials" in done.stderr


def test_without_credentials_azure_says_so(check: Check) -> None:
    done = check("az://bills/2026/a.csv")
    assert done.returncode == 2
    assert "credentials" in done.stderr


def test_a_bundle_may_lie_at_an_address(storage: Storage, check: Check) -> None:
    line = base_rows()["InvoiceDetail"]
    names = ",".join(line)
    cells = ",".join(
        "" if cell is None else '"' + str(cell).replace('"', '""') + '"' for cell in line.values()
    )
    storage.files["bills/invoices.csv"] = f"{names}\n{cells}\n".encode()
    paths = ("s3://bills/2026/a.csv", "s3://bills/invoices.csv")
    done = check(*paths, "--format", "json", command="check-bundle", **aws(storage))
    assert done.returncode in (0, 1), done.stderr
    assert [report["dataset"] for report in json.loads(done.stdout)["reports"]] == [
        "InvoiceDetail",
        "BillingPeriod",
    ]


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")
def test_https_is_fetched_only_from_a_server_that_is_trusted(tmp_path: Path, check: Check) -> None:
    trusted = certificate(tmp_path)
    server = Storage(trusted)
    server.files["b/a.csv"] = GOOD
    address = f"https://us3r:p4ss@localhost:{server.port}/b/a.csv?sig=s1gn"
    unknown = check(address)
    assert unknown.returncode == 2
    assert "cannot be fetched" in unknown.stderr
    assert server.asked == []
    done = check(address, "--format", "json", SSL_CERT_FILE=str(trusted))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["inputs"][0]["path"] == f"https://localhost:{server.port}/b/a.csv"
    gone = check(address.replace("a.csv", "gone.csv"), SSL_CERT_FILE=str(trusted))
    assert gone.returncode == 2
    assert "404" in gone.stderr
    server.close()


def test_an_extension_of_another_version_is_not_loaded(packages: Path, tmp_path: Path) -> None:
    """DuckDB takes an extension of its own version only: the error says that it is not there."""
    assert duckdb.__version__ != VERSION, "this test needs another DuckDB than the extensions are for"
    only = tmp_path / "only"
    only.mkdir()
    for name in ("duckdb_extension_httpfs", "duckdb_extension_azure"):
        (only / name).symlink_to(packages / name)
    done = subprocess.run(
        [sys.executable, "-m", "focus_validate", "check", "s3://b/x.csv"],
        env={**os.environ, "HOME": str(tmp_path), "PYTHONPATH": str(only)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "needs DuckDB's extension httpfs, which is not installed" in done.stderr
