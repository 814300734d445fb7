"""The operator's files are taken by the programs that read them, and agree with Bobbin."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.cli.init import unit_file
from bot.monitoring.metrics import Metrics
from bot.process import ExitStatus
from tests.container import read_recipe
from tests.program import SETTINGS

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "data" / "deploy"
UNITS = ("bobbin.service", "bobbin-backup.service", "bobbin-backup.timer")


def needs(program: str, package: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(
        shutil.which(program) is None, reason=f"{program} is not here; on Debian it is in {package}"
    )


def accepted(*command: str | Path, cwd: Path | None = None) -> str:
    ended = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout
    return ended.stdout


def text_of(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """The units, with a program in the place of Bobbin that is on every machine."""
    for name in UNITS:
        (tmp_path / name).write_text(text_of(name).replace("/opt/bobbin/bin/bobbin", "/bin/true"))
    return [tmp_path / name for name in UNITS]


@needs("systemd-analyze", "systemd")
def test_systemd_takes_the_units_without_a_warning(units: list[Path]) -> None:
    assert accepted("systemd-analyze", "verify", *units) == ""


@needs("systemd-analyze", "systemd")
@pytest.mark.parametrize("unit", UNITS[:2])
def test_systemd_calls_the_services_safe(units: list[Path], unit: str) -> None:
    path = units[UNITS.index(unit)]
    # In tenths: 20 is an exposure of 2.0, on a scale to 10.
    accepted("systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", path)


@needs("systemd-analyze", "systemd")
def test_systemd_takes_the_unit_that_init_writes_for_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "my threads 100%"
    folder.mkdir()
    text = unit_file(folder, "root")
    assert "/opt/bobbin" not in text
    assert "/etc/bobbin" not in text
    (tmp_path / "bobbin.service").write_text(text)
    assert accepted("systemd-analyze", "verify", tmp_path / "bobbin.service") == ""


def test_the_unit_does_not_restart_where_that_would_not_help() -> None:
    found = re.search(r"^RestartPreventExitStatus=(.*)$", text_of("bobbin.service"), re.MULTILINE)
    assert found
    assert set(found[1].split()) == {"2", str(int(ExitStatus.REFUSED)), str(int(ExitStatus.MISCONFIGURED))}


@needs("promtool", "prometheus")
def test_prometheus_takes_the_rules_and_they_fire(tmp_path: Path) -> None:
    shutil.copy(DEPLOY / "alerts.yml", tmp_path)
    accepted("promtool", "check", "rules", "alerts.yml", cwd=tmp_path)
    series = {
        "BobbinDown": ('up{job="bobbin"}', "0x30"),
        "BobbinSelfTestFails": ('bobbin_self_test_problems{job="bobbin"}', "1x30"),
        "BobbinDisconnected": ('bobbin_gateway_up{job="bobbin", shard="3"}', "0x30"),
        "BobbinQuestionsFail": ('bobbin_questions_failed_total{job="bobbin"}', "0+1x30"),
        "BobbinSlow": ('bobbin_answer_seconds_bucket{job="bobbin", le="5", way="ask"}', "0+9x60"),
        "BobbinEventLoopLate": ('bobbin_event_loop_delay_longest_seconds{job="bobbin"}', "2x30"),
        "BobbinDiskFills": ('bobbin_free_disk_bytes{job="bobbin"}', "5e8x30"),
        "BobbinFewDescriptors": ('bobbin_free_descriptors{job="bobbin"}', "9x30"),
    }
    assert set(series) == set(re.findall(r"alert: (\w+)", text_of("alerts.yml")))
    more = {
        "BobbinQuestionsFail": ['bobbin_answers_total{job="bobbin", way="ask", verdict="answer"}|0+5x30'],
        "BobbinSlow": [
            f'bobbin_answer_seconds_bucket{{job="bobbin", le="{le}", way="ask"}}|{values}'
            for le, values in (("2", "0x60"), ("+Inf", "0+9x60"))
        ],
    }
    tests = []
    for alert, (name, values) in series.items():
        rows = [f"{name}|{values}", *more.get(alert, [])]
        inputs = "\n".join(
            f"      - series: '{row.partition('|')[0]}'\n        values: '{row.partition('|')[2]}'"
            for row in rows
        )
        tests.append(
            f"  - interval: 1m\n    input_series:\n{inputs}\n    promql_expr_test:\n"
            f'      - expr: count(ALERTS{{alertname="{alert}", alertstate="firing"}})\n'
            "        eval_time: 30m\n        exp_samples:\n          - labels: '{}'\n            value: 1"
        )
    (tmp_path / "test.yml").write_text("rule_files: [alerts.yml]\ntests:\n" + "\n".join(tests) + "\n")
    accepted("promtool", "test", "rules", "test.yml", cwd=tmp_path)


def test_the_rules_name_metrics_that_there_are() -> None:
    kept = {
        sample
        for family in Metrics().registry.collect()
        for sample in (family.name, f"{family.name}_total", f"{family.name}_bucket")
    }
    assert set(re.findall(r"\bbobbin_[a-z_]+", text_of("alerts.yml"))) <= kept


def test_a_rule_that_sums_over_labels_names_all_that_the_metric_has() -> None:
    labels = {"bobbin_answers_total": Metrics().answers._labelnames}
    summed = re.findall(r"sum without \(([^)]*)\) \(\w+\((\w+)\{", text_of("alerts.yml"))
    assert summed
    for names, metric in summed:
        assert set(names.split(", ")) == set(labels[metric]), metric


@needs("nginx", "nginx-light")
@needs("openssl", "openssl")
def test_nginx_takes_the_sample(tmp_path: Path) -> None:
    accepted(
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost",
        "-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem",
    )  # fmt: skip
    sample = text_of("nginx.conf").replace("/etc/letsencrypt/live/threads.example.org", str(tmp_path))
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{sample}}}\n"
    )
    assert "warn" not in accepted("nginx", "-t", "-c", tmp_path / "nginx.conf")


@needs("caddy", "caddy")
def test_caddy_takes_the_sample_as_it_is_formatted() -> None:
    path = DEPLOY / "Caddyfile"
    assert "Valid configuration" in accepted("caddy", "validate", "--adapter", "caddyfile", "--config", path)
    assert accepted("caddy", "fmt", path).strip() == path.read_text().strip()


def test_the_container_runs_without_rights_and_asks_for_life_not_for_health() -> None:
    recipe, compose = text_of("Containerfile"), text_of("compose.yaml")
    assert re.search(r"^USER bobbin$", recipe, re.MULTILINE)
    assert recipe.index("\nUSER ") > recipe.rindex("\nRUN ")
    (check,) = re.findall(r"^HEALTHCHECK.*$", recipe, re.MULTILINE)
    assert "/live" in check
    assert "/health" not in check
    assert re.findall(r"^VOLUME (.*)$", recipe, re.MULTILINE) == ["/data"]
    for line in ("read_only: true", "- ALL", "- no-new-privileges:true", "- bobbin-data:/data"):
        assert line in compose


def test_every_line_of_the_recipe_is_one_that_the_clean_root_follows() -> None:
    recipe = read_recipe(text_of("Containerfile"))
    assert recipe.steps[0][0] == "COPY"
    assert (recipe.user, recipe.volume, recipe.folder) == ("bobbin", "/data", "/data")
    assert [*recipe.program, *recipe.arguments] == ["/opt/bobbin/bin/bobbin", "run"]
    with pytest.raises(ValueError, match="ADD"):
        read_recipe(text_of("Containerfile") + "ADD x /x\n")


def test_every_setting_that_the_files_name_exists() -> None:
    for path in DEPLOY.iterdir():
        assert set(re.findall(r"\bBOBBIN_[A-Z_]+\b", path.read_text(encoding="utf-8"))) <= SETTINGS, path.name


def test_the_hashed_requirements_are_of_the_pinned_versions_and_name_no_host() -> None:
    text = text_of("requirements.txt")
    pinned = dict(re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / "constraints.txt").read_text(), re.MULTILINE))
    hashed = dict(re.findall(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE))
    assert hashed.items() <= pinned.items()
    wanted = re.search(
        r"^dependencies = \[(.*?)^\]", (ROOT / "pyproject.toml").read_text(), re.MULTILINE | re.DOTALL
    )
    assert wanted
    needed = {
        re.sub(r"[-_.]+", "-", name).lower()
        for name in re.findall(r'^\s*"([\w.-]+)', wanted[1], re.MULTILINE)
    }
    assert needed <= set(hashed)
    blocks = re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in text
