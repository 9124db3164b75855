"""Every published network at hand is read, and its known defects are named."""

from __future__ import annotations

import pytest

from netgraph.errors import InputError
from netgraph.inventory.plant import read_plant_network

FOLDERS = (
    "ofds_networks",
    "ofds_standard/examples",
    "ofds_fixtures",
    "ofds_consolidation",
    "topology_zoo",
)
# nodes, spans, spans used, and some of the defects: rule -> number of findings
KNOWN = {
    "Tanzania/NICTBB": (115, 134, 134, {"ND967": 12}),
    "South_Africa/BroadbandInfraco": (123, 134, 134, {"ND966": 3}),
    "Brazil/Eletronet": (162, 169, 169, {"ND966": 1}),
    "New_Zealand/Chorus": (45, 56, 56, {"ND956": 8, "ND957": 1, "ND967": 17}),
    "Angola/Angola_Telecom": (33, 40, 40, {"ND959": 1, "ND967": 16}),
    "Kenya/NOFBI": (102, 112, 110, {"ND952": 1, "ND956": 26, "ND957": 15, "ND958": 1}),
    "Kenya/JTL": (28, 27, 27, {"ND956": 2, "ND957": 2, "ND962": 1}),
    "Kenya/Liquid_Intelligent_Technologies": (18, 21, 21, {"ND957": 1}),
    "Kenya/BCS": (12, 11, 11, {"ND957": 2}),
    "Rwanda/Rwanda_National_Backbone": (52, 68, 40, {"ND952": 28, "ND959": 1}),
}


def test_every_file_and_folder_is_read_or_refused_in_clear_words(shared_data):
    read, refused = 0, 0
    for folder in FOLDERS:
        for path in (shared_data / folder, *sorted((shared_data / folder).rglob("*"))):
            if not path.is_dir() and path.suffix not in {".json", ".geojson", ".gml"}:
                continue
            network, problems = _attempt(path)
            if network is None:
                refused += 1
                assert all(problem.startswith(str(path)) for problem in problems)
            else:
                read += 1
                assert ((network.spans.unused_reasons == "") == network.spans.used).all()

    assert read >= 120
    assert refused >= 50


def _attempt(path):
    try:
        return read_plant_network(path), ()
    except InputError as error:
        return None, error.problems


@pytest.mark.parametrize("folder", KNOWN)
def test_published_networks_have_the_known_size_and_defects(shared_data, rules, folder):
    nodes, spans, used, defects = KNOWN[folder]

    network = read_plant_network(shared_data / "ofds_networks" / folder)

    assert (len(network.nodes), len(network.spans)) == (nodes, spans)
    assert int(network.spans.used.sum()) == used
    found = rules(network)
    assert {rule: len(found.get(rule, [])) for rule in defects} == defects


@pytest.mark.parametrize("folder", KNOWN)
def test_the_geojson_edition_says_the_same_as_the_document(shared_data, folder):
    folder = shared_data / "ofds_networks" / folder
    (spans,) = folder.glob("*spans*.geojson")

    document, geojson = read_plant_network(folder), read_plant_network(spans)

    assert geojson.spans.ids.tolist() == document.spans.ids.tolist()
    assert geojson.spans.from_nodes.tolist() == document.spans.from_nodes.tolist()
    assert geojson.spans.to_nodes.tolist() == document.spans.to_nodes.tolist()
    assert geojson.findings == document.findings
