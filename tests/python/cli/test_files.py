from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from focus_validate.errors import InputError, UsageError
from focus_validate.outputs.files import Target


def test_a_report_replaces_the_file_in_one_step(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("old")
    reader = path.open()
    Target(str(path)).write("neu ü")
    assert path.read_bytes() == "neu ü".encode()
    assert reader.read() == "old", "a reader of the old file keeps the old file"
    reader.close()
    assert os.listdir(tmp_path) == ["report.json"]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.json"
    path.write_text("old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="No space left on device"):
        Target(str(path)).write("new")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["report.json"]


def test_an_interrupt_while_writing_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.json"
    path.write_text("old")

    def interrupt(descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        Target(str(path)).write("new")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["report.json"]


def test_the_mode_of_a_file_is_kept_and_a_new_one_follows_the_umask(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text("")
    kept.chmod(0o640)
    Target(str(kept)).write("x")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o640
    before = os.umask(0o027)
    try:
        Target(str(tmp_path / "new")).write("x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640


def test_checking_leaves_no_trace(tmp_path: Path) -> None:
    Target(str(tmp_path / "report.json")).check([])
    assert os.listdir(tmp_path) == []


def refusal(path: Path, inputs: list[Path] | None = None) -> str:
    with pytest.raises(InputError) as caught:
        Target(str(path)).check([str(source) for source in inputs or []])
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_what_cannot_be_written_is_refused_before_the_work(tmp_path: Path) -> None:
    source = tmp_path / "data.csv"
    source.write_text("a\n1\n")
    (tmp_path / "link").symlink_to(source)
    hard = tmp_path / "hard.csv"
    os.link(source, hard)
    assert "is a directory" in refusal(tmp_path)
    assert "does not exist" in refusal(tmp_path / "missing" / "report.json")
    assert "is an input" in refusal(source, [source])
    assert "is an input" in refusal(hard, [source])
    assert "symbolic link" in refusal(tmp_path / "link")
    assert "name too long" in refusal(tmp_path / ("x" * 300)).casefold()
    assert source.read_text() == "a\n1\n"


def test_the_files_of_a_pattern_and_of_a_folder_are_inputs(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    source = tmp_path / "data" / "part-1.csv"
    source.write_text("a\n1\n")
    assert "is an input" in refusal(source, [tmp_path / "data" / "*.csv"])
    assert "is an input" in refusal(source, [tmp_path / "**" / "*.csv"])
    assert "lies in the input folder" in refusal(tmp_path / "data" / "new.json", [tmp_path / "data"])
    Target(str(tmp_path / "data.json")).check([str(tmp_path / "data")])
    Target(str(tmp_path / "data" / "r.json")).check([str(tmp_path / "data" / "*.csv")])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_write_protected_place_is_refused(tmp_path: Path) -> None:
    protected = tmp_path / "protected"
    protected.write_text("")
    protected.chmod(0o400)
    assert "write-protected" in refusal(protected)
    tmp_path.chmod(0o500)
    assert "Permission denied" in refusal(tmp_path / "new")
    tmp_path.chmod(0o700)


def test_a_device_is_written_to_and_stays_a_device() -> None:
    target = Target("/dev/null")
    target.check([])
    target.write("x")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_a_hostile_name_is_escaped_in_the_message(tmp_path: Path) -> None:
    assert "\x1b" not in refusal(tmp_path / "\x1b[31m" / "x")


def test_usage_errors_are_input_errors() -> None:
    assert issubclass(UsageError, InputError)
