"""The names of missing records in both languages."""

from __future__ import annotations

from netgraph.diversity.audit.record_names import name_record


def test_a_missing_record_is_named_with_its_id_in_chinese():
    for english, chinese in {
        "cable_spans of cable F 1": "cable_spans of cable F 1",  # no id: nothing is guessed
        "cable_spans of cable F-1": "光缆 F-1 的管线段 (cable_spans)",
        "contiguous circuit_links of the protect route (L1 2)": "备用路由首尾相接的传输段 (L1 2)",
        "position of structures:M1": "structures:M1 的经纬度 (lon、lat)",
        "a route in service: L9 is not": "在用路由（L9 不在用）",
        "hot_standby": "hot_standby",
    }.items():
        assert name_record(english, "zh") == chinese
        assert name_record(english, "en") == english
