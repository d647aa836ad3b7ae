"""Object storage on the loopback interface: S3, GCS by the protocol of S3, Azure Blob and HTTPS.

Just enough of the protocols for a client that lists and reads. Requests that do not name the key or the
account that was handed out are refused, as are those without any signature.
"""

from __future__ import annotations

import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

KEY, SECRET = "AKIATEST", "s3cr3t/of+the+key"
ACCOUNT, ACCOUNT_KEY = "billsaccount", "YWNjb3VudC1zM2NyM3Q="
WRITTEN = "Thu, 01 Oct 2026 00:00:00 GMT"
AZURE_HEADERS = {
    "x-ms-blob-type": "BlockBlob",
    "x-ms-creation-time": WRITTEN,
    "x-ms-lease-state": "available",
    "x-ms-lease-status": "unlocked",
    "x-ms-server-encrypted": "true",
    "x-ms-version": "2020-02-10",
}


class Storage:
    """A server; ``files`` are its objects by container and name (``bills/2026/a.csv``)."""

    def __init__(self, certificate: Path | None = None) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        storage = self

        class Handler(_Handler):
            of = storage

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, certificate.with_suffix(".key"))
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    of: Storage
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query, keep_blank_values=True).items()}
        path = unquote(address.path).lstrip("/")
        self.of.asked.append(f"{self.command} {self.path}")
        azure = path.startswith(f"{ACCOUNT}/")
        if not self._allowed(azure):
            self._refuse(403, "AuthenticationFailed" if azure else "AccessDenied")
        elif azure:
            self._azure(path.removeprefix(f"{ACCOUNT}/"), query)
        elif "list-type" in query:
            self._send(200, self._list_s3(path.rstrip("/"), query.get("prefix", "")), "application/xml")
        else:
            self._object(path)

    def _allowed(self, azure: bool) -> bool:
        told = self.headers.get("Authorization", "")
        if isinstance(self.connection, ssl.SSLSocket):
            return True
        if azure:
            return told.startswith(f"SharedKey {ACCOUNT}:")
        return told.startswith(f"AWS4-HMAC-SHA256 Credential={KEY}/") and "Signature=" in told

    def _azure(self, path: str, query: dict[str, str]) -> None:
        if query.get("comp") != "list":
            self._object(path, AZURE_HEADERS)
            return
        blobs = "".join(
            f"<Blob><Name>{escape(name)}</Name><Properties>"
            f"<Last-Modified>{WRITTEN}</Last-Modified><Etag>0x1</Etag>"
            f"<Content-Length>{size}</Content-Length><Content-Type>text/csv</Content-Type>"
            "<BlobType>BlockBlob</BlobType></Properties></Blob>"
            for name, size in self._listed(path, query.get("prefix", ""))
        )
        text = (
            '<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="http://127.0.0.1/" '
            f'ContainerName="{path}"><Blobs>{blobs}</Blobs><NextMarker/></EnumerationResults>'
        )
        self._send(200, text.encode(), "application/xml")

    def _list_s3(self, bucket: str, prefix: str) -> bytes:
        contents = "".join(
            f"<Contents><Key>{escape(name)}</Key><LastModified>2026-10-01T00:00:00.000Z</LastModified>"
            f'<ETag>"1"</ETag><Size>{size}</Size><StorageClass>STANDARD</StorageClass></Contents>'
            for name, size in self._listed(bucket, prefix)
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
            f"<Name>{bucket}</Name><IsTruncated>false</IsTruncated>{contents}</ListBucketResult>"
        ).encode()

    def _listed(self, container: str, prefix: str) -> list[tuple[str, int]]:
        inside = f"{container}/"
        names = (path.removeprefix(inside) for path in sorted(self.of.files) if path.startswith(inside))
        return [(name, len(self.of.files[inside + name])) for name in names if name.startswith(prefix)]

    def _object(self, path: str, headers: dict[str, str] | None = None) -> None:
        content = self.of.files.get(path)
        if content is None:
            self._refuse(404, "BlobNotFound" if headers else "NoSuchKey")
            return
        told = {"ETag": '"1"', "Last-Modified": WRITTEN, "Accept-Ranges": "bytes"}
        told |= headers or {}
        wanted = self.headers.get("Range") or self.headers.get("x-ms-range")
        if wanted is None:
            self._send(200, content, "text/csv", told)
            return
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        start, end = int(first), min(int(last or len(content) - 1), len(content) - 1)
        told["Content-Range"] = f"bytes {start}-{end}/{len(content)}"
        self._send(206, content[start : end + 1], "text/csv", told)

    def _refuse(self, status: int, code: str) -> None:
        text = "" if self.command == "HEAD" else f"<Error><Code>{code}</Code></Error>"
        self._send(status, text.encode(), "application/xml" if text else "", {"x-ms-error-code": code})

    def _send(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": kind,
            **(headers or {}),
            "Content-Length": str(len(body)),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def certificate(folder: Path) -> Path:
    """A certificate for localhost that nobody signed but itself, with its key beside it."""
    path = folder / "localhost.pem"
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
            ),
            *("-addext", "subjectAltName=DNS:localhost", "-keyout", str(path.with_suffix(".key"))),
            *("-out", str(path)),
        ],
        capture_output=True,
        check=True,
    )
    return path
