"""The command as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import thermalsat


def run(*words: str, **more) -> subprocess.CompletedProcess[str]:
    root = str(Path(thermalsat.__file__).parents[1])
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-P", "-m", "thermalsat", *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, **more)


def test_a_process_answers_with_one_object_and_its_exit_code():
    done = run("check", "leo-53", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["radiator_area_m2"] == 240.0
    done = run("check", "leo53", "--json")
    assert done.returncode == json.loads(done.stdout)["exit"] == 2
    assert "Traceback" not in done.stderr


def test_words_are_refused_before_anything_heavy_is_loaded():
    code = (
        "import sys; from thermalsat.cli import main; main(['sise']);"
        " sys.exit(len({'numpy', 'scipy', 'pint', 'matplotlib'} & set(sys.modules)))"
    )
    root = str(Path(thermalsat.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": root},
    )
    assert done.returncode == 0, done.stderr


def test_an_interrupt_ends_with_130_and_one_object():
    root = str(Path(thermalsat.__file__).parents[1])
    command = [sys.executable, "-P", "-m", "thermalsat", "envelope", "leo-53", "--json", "--points", "20"]
    working = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": root},
    )
    time.sleep(2.0)
    working.send_signal(signal.SIGINT)
    out, err = working.communicate(timeout=60)
    assert working.returncode == json.loads(out)["exit"] == 130
    assert err == "thermalsat: interrupted\n"


def test_a_reader_that_stops_early_is_no_fault():
    root = str(Path(thermalsat.__file__).parents[1])
    writer = subprocess.Popen(
        [sys.executable, "-P", "-m", "thermalsat", "check", "leo-53"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": root},
    )
    assert writer.stdout is not None
    writer.stdout.close()
    _, err = writer.communicate(timeout=120)
    assert err == b""
