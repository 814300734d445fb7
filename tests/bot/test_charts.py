"""The picture of months: every month once, no style or script in it, readable in both."""

import io
import re
import struct
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.charts import drawn_png, drawn_svg, run_of_months
from tests.bot.web.browsers import contrast

months = st.builds("{:04}-{:02}".format, st.integers(1, 9999), st.integers(1, 12))


@given(st.dictionaries(months, st.integers(1, 10**6), max_size=30))
def test_no_post_is_lost_and_no_month_left_out(counts: dict[str, int]) -> None:
    run = run_of_months(counts)
    assert sum(run.values()) == sum(counts.values())
    places = [year * 12 + month for year, month in run]
    step = 12 if places and len(places) > 1 and places[1] - places[0] == 12 else 1
    assert places == list(range(places[0], places[-1] + 1, step)) if places else run == {}


def test_a_month_without_a_post_is_there_and_many_years_are_reported_by_year() -> None:
    assert run_of_months({"2023-11": 2, "2024-01": 1}) == {(2023, 11): 2, (2023, 12): 0, (2024, 1): 1}
    assert run_of_months({"1990-05": 2, "1990-07": 1, "2024-01": 1})[1990, 1] == 3


@pytest.mark.parametrize(
    "counts", [{"2024-03": 1}, {"2020-01": 3, "2023-12": 900}, {"1990-01": 1, "2024-12": 7}]
)
def test_the_picture_for_a_page_is_plain_and_named(counts: dict[str, int]) -> None:
    picture = drawn_svg(run_of_months(counts), 'Posts & "months"')
    root = ET.fromstring(picture)  # noqa: S314 - our own
    assert (root.attrib["role"], root.attrib["aria-label"]) == ("img", 'Posts & "months"')
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert not tags & {"script", "style", "metadata", "image", "foreignObject", "a"}
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not [name for name in attributes if name == "style" or name.startswith("on")]
    assert "chart-bar-fill" in picture
    assert not re.search(r"#0[123]0[123]0[123]", picture)


def test_the_picture_for_discord_is_a_png_with_a_ground_of_its_own() -> None:
    run = run_of_months(
        {f"{year}-{month:02}": year - 2000 + month for year in (2020, 2021) for month in range(1, 13)}
    )
    picture = drawn_png(run)
    assert picture.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", picture[16:24])
    assert (width, height) == (1350, 480)
    colours = Image.open(io.BytesIO(picture)).convert("RGB").getcolors(1 << 20) or []
    (count, ground), (_, bars) = sorted(colours, reverse=True)[:2]
    assert count > width * height / 3
    assert contrast(f"rgb{ground}", f"rgb{bars}") > 3
    assert picture == drawn_png(run)
