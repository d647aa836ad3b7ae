"""What lies at an address (``s3://``, ``gcs://``, ``az://``, ``https://``): fetched by DuckDB's extensions.

Nothing is downloaded but the data: the extension must be installed already, by DuckDB or as a Python package.
Credentials are those of DuckDB's own secrets and of the usual variables of the environment. Whatever a report
or an error names is the address without its query, for that is where signatures and keys stand.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit, urlunsplit

from focus_validate.engine.readers.table import literal
from focus_validate.errors import InputError
from focus_validate.options import Options
from focus_validate.text import escape, first_line, join_words

if TYPE_CHECKING:
    import duckdb

_EXTENSIONS = {
    **dict.fromkeys(("s3", "gcs", "gs", "r2", "https"), "httpfs"),
    **dict.fromkeys(("az", "azure", "abfss"), "azure"),
}
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_MAGIC = re.compile(r"[*?\[]")
_ANY_ADDRESS = re.compile(_ADDRESS.pattern + r"[^\s\"']+")


def is_remote(name: str) -> bool:
    """Whether ``name`` is an address."""
    return bool(_ADDRESS.match(name))


def shown(address: str) -> str:
    """``address`` without user, password and query."""
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def fetched(address: str, folder: Path, options: Options) -> Iterator[tuple[Path, str]]:
    """Each file at ``address``, which may be a pattern: where it was put in ``folder``, and its name."""
    import duckdb

    scheme = urlsplit(address).scheme.lower()
    name = shown(address)
    if scheme not in _EXTENSIONS:
        known = join_words([f"{each}://" for each in _EXTENSIONS], "or")
        raise InputError(f"{escape(name)}: addresses begin with {known}; fetch the file first")
    with contextlib.closing(_connection(scheme, name, options)) as connection:
        try:
            for number, one in enumerate(_addresses(connection, address)):
                yield (
                    _stored(connection, one, folder / f"fetched-{len(os.listdir(folder))}-{number}"),
                    shown(one),
                )
        except duckdb.OutOfMemoryException:
            raise InputError(
                f"{escape(name)} does not fit into memory while it is fetched; raise --memory-limit, or fetch"
                " it with the tool of your cloud"
            ) from None
        except duckdb.Error as error:
            _fail(name, str(error))


def _connection(scheme: str, name: str, options: Options) -> duckdb.DuckDBPyConnection:
    """A connection that has the extension and the credentials for a scheme; it installs nothing."""
    import duckdb

    extension = _EXTENSIONS[scheme]
    connection = duckdb.connect(
        ":memory:",
        config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"},
    )
    if options.memory_limit is not None:
        connection.execute(f"set memory_limit = {literal(options.memory_limit)}")
    if not _loaded(connection, extension):
        connection.close()
        raise InputError(
            f"{escape(name)} needs DuckDB's extension {extension}, which is not installed; install it once:"
            f" pip install 'focus-validate[cloud]', or in DuckDB: install {extension}"
        )
    if extension == "httpfs" and os.environ.get("SSL_CERT_FILE"):
        connection.execute(f"set ca_cert_file = {literal(os.environ['SSL_CERT_FILE'])}")
    for secret in _secrets(scheme):
        connection.execute(secret)
    return connection


def _loaded(connection: duckdb.DuckDBPyConnection, extension: str) -> bool:
    """Load an extension: the one that DuckDB installed, else that of a Python package for this DuckDB."""
    import duckdb

    package = find_spec(f"duckdb_extension_{extension}")
    folders = (package.submodule_search_locations if package else None) or ()
    packaged = f"extensions/v{duckdb.__version__}/{extension}.duckdb_extension"
    for candidate in (extension, *(str(Path(folder, packaged)) for folder in folders)):
        with contextlib.suppress(duckdb.Error):
            connection.load_extension(candidate)
            return True
    return False


def _secrets(scheme: str) -> Iterator[str]:
    """The credentials that the environment holds; without any, DuckDB's persistent secrets count."""
    given: dict[str, str] = {}
    if scheme == "s3" and os.environ.get("AWS_ACCESS_KEY_ID"):
        kind = "s3"
        names = {
            "key_id": "AWS_ACCESS_KEY_ID",
            "secret": "AWS_SECRET_ACCESS_KEY",
            "session_token": "AWS_SESSION_TOKEN",
            "region": "AWS_REGION" if os.environ.get("AWS_REGION") else "AWS_DEFAULT_REGION",
        }
        given = {option: os.environ[name] for option, name in names.items() if os.environ.get(name)}
        endpoint = urlsplit(os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL", ""))
        if endpoint.netloc:
            use_ssl = str(endpoint.scheme == "https").lower()
            given |= {"endpoint": endpoint.netloc, "url_style": "path", "use_ssl": use_ssl}
    elif _EXTENSIONS[scheme] == "azure" and os.environ.get("AZURE_STORAGE_CONNECTION_STRING"):
        kind = "azure"
        given = {"connection_string": os.environ["AZURE_STORAGE_CONNECTION_STRING"]}
    if given:
        options = ", ".join(f"{option} {literal(value)}" for option, value in given.items())
        yield f"create temporary secret (type {kind}, {options})"


def _addresses(connection: duckdb.DuckDBPyConnection, address: str) -> list[str]:
    """The addresses that a pattern stands for, or the one address itself."""
    if urlsplit(address).scheme.lower() == "https" or not _MAGIC.search(address.partition("?")[0]):
        return [address]
    found = connection.execute(f"select file from glob({literal(address)}) order by 1").fetchall()
    if not found:
        raise InputError(f"nothing lies at {escape(shown(address))}; check the pattern")
    return [row[0] for row in found]


def _stored(connection: duckdb.DuckDBPyConnection, address: str, target: Path) -> Path:
    """The content at ``address`` as a file with its endings."""
    endings = "".join(PurePosixPath(urlsplit(address).path).suffixes[-2:])
    row = connection.execute(f"select content from read_blob({literal(address)})").fetchone()
    if row is None:
        raise InputError(f"nothing lies at {escape(shown(address))}; check the address")
    path = target.with_name(target.name + endings)
    path.write_bytes(row[0])
    return path


def _fail(name: str, message: str) -> NoReturn:
    reason = escape(_ANY_ADDRESS.sub(lambda found: shown(found[0]), first_line(message)))
    raise InputError(f"{escape(name)} cannot be fetched: {reason}; check the address and the credentials")
