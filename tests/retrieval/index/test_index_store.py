import os
import time
from pathlib import Path

from retrieval.index.index_store import IndexStore


def test_only_lists_of_other_collections_and_old_files_that_no_list_names_are_deleted(tmp_path: Path) -> None:
    old = time.time() - 2 * 3_600
    ages = {
        "1.json": old,
        "2.json": time.time(),
        "1-old.segment": old,
        "1-new.segment": time.time(),
        "1-old.part": old,
        "notes.txt": old,
    }
    for name, changed in ages.items():
        (tmp_path / name).write_text("{}")
        os.utime(tmp_path / name, (changed, changed))
    IndexStore(tmp_path).forget([1])
    assert {path.name for path in tmp_path.iterdir()} == {"1.json", "1-new.segment", "notes.txt"}
    IndexStore(tmp_path / "nowhere").forget([1])
