"""Every rule code means one thing, wherever it is raised."""

from __future__ import annotations

import ast
import functools
import re
from collections import defaultdict

from sources import MODULES, PACKAGE, nodes

from netgraph.inventory.plant.rules import PLANT_RULES
from netgraph.inventory.rules import load_rules

RULES = load_rules()
CODE = re.compile(r"^ND\d+$")


@functools.cache
def raised_in():
    """Folders of the package by the codes that stand in their modules, registers left out."""
    found = defaultdict(set)
    for file in MODULES:
        if file.name == "rules.py":
            continue
        for node in nodes(file):
            if isinstance(node, ast.Constant) and CODE.match(str(node.value)):
                found[node.value].add(file.relative_to(PACKAGE).as_posix())
    return found


def test_a_code_of_a_plant_file_is_raised_by_nothing_else():
    for code, files in raised_in().items():
        if code in PLANT_RULES:
            assert all("plant/" in file for file in files), (code, files)


def test_no_code_is_in_two_registers():
    assert not set(PLANT_RULES) & set(RULES)


def test_a_code_outside_the_registers_stands_for_one_subject():
    """The hazard layers' codes are shared by assessment and simulation.

    So is that a centre is not reached, by assessments and the diversity of plant; no other travels.
    """
    for code, files in raised_in().items():
        if code == "ND982":
            assert files == {"assessment/run.py", "diversity/plant/centres.py"}
        elif code not in PLANT_RULES and code not in RULES and len(files) > 1:
            assert {"hazard" in f or "simulation" in f for f in files} == {True}, (code, files)
