"""Tables with a header, as spreadsheets save them."""

from __future__ import annotations

import pytest

from tests.models.test_server_list import Found, read, servers_of, shown
from wodesk.models.table import columns_of


def test_a_table_has_the_columns_that_its_header_names() -> None:
    table = (
        "Name;IP address;SSH user;Port;Groups;Notes\n"
        "Web one;10.0.0.7;root;2222;shop|blog;big\n"
        "\n"
        "web2;web2.example;;22222;;\n"
        "web3;web3.example;me;19999\n"
        ";web4\n"
        "web5;ssh://admin@web5;;;\n"
    )
    assert shown(table) == [
        ("Web one", "ssh://root@10.0.0.7:2222", ("shop", "blog")),
        ("web2", "https://web2.example:22222/netdata", ()),
        ("web3", "http://web3.example:19999", ()),
        ("web4", "ssh://web4", ()),
        ("web5", "ssh://admin@web5", ()),
    ]
    assert [server.user for server in servers_of(table)] == ["", "WordOps", "me", "", ""]


@pytest.mark.parametrize(
    ("table", "found"),
    [
        ("hostname,ip\nweb1,10.0.0.7", ("web1", "ssh://10.0.0.7", ())),
        ("host\nweb1", ("web1", "ssh://web1", ())),
        ("Tags\tURL\na b\thttps://web1/netdata", ("web1", "https://web1/netdata", ("a", "b"))),
        ("# exported\n\nname,address\nweb1,web1.example", ("web1", "ssh://web1.example", ())),
    ],
)
def test_headers_come_in_many_words(table: str, found: Found) -> None:
    assert shown(table) == [found]


def test_a_row_without_an_address_is_told_and_a_password_column_is_left_out() -> None:
    first, second = read("name,address,password\nweb1,,x\nweb2,10.0.0.7,hunter2")
    assert "empty" in first.remark
    assert "password was left out" in second.remark
    assert "hunter2" not in repr(second)


@pytest.mark.parametrize(
    "line", ["web1", "web1,10.0.0.7", "name", "address of nobody", "a,b,c,d,host", "host web1"]
)
def test_what_is_no_header_is_a_line_like_others(line: str) -> None:
    assert columns_of(line) is None
