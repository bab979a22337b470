"""From which age on people are written to themselves, by country; the law's sources stand in adult_age.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

from campcompile.package_files import package_text


def adult_age(country: str) -> int:
    """In years; where nothing is known of a country, the age that nearly all take."""
    ages = adult_ages()
    return ages.get(country, ages[""])


@cache
def adult_ages() -> Mapping[str, int]:
    """By country, and under "" for all others."""
    data = json.loads(package_text("schedule/adult_age.json"))
    return {country: int(row["age"]) for country, row in data["ages"].items()} | {"": int(data["default"])}
