from pathlib import Path

from tests.hops import calls_of_an_import, profiled


async def test_what_an_import_calls_is_counted_by_package(tmp_path: Path) -> None:
    with profiled():
        calls = await calls_of_an_import(tmp_path)
    assert ("retrieval.archive", "Archive.import_file") in calls.functions
    assert "retrieval.linkage.matching" in calls.modules
    packages = calls.by_package()
    assert sum(modules for modules, _ in packages.values()) == len(calls.modules)
    assert sum(functions for _, functions in packages.values()) == len(calls.functions)
