"""Inventories of Ansible."""

from __future__ import annotations

import pytest

from tests.models.test_server_list import read, shown
from wodesk.models.inventory import Section, Variables, drafts, section

INVENTORY = """\
lonely.example
[shop]
shop[01:03].example
db ansible_host=10.0.0.9 ansible_port=2200 ansible_user=root
jumped ansible_ssh_common_args='-o ProxyJump=bastion' ansible_password=hunter2
here ansible_connection=local
windows ansible_connection=winrm
plain 10.0.0.10 big
[shop:vars]
ansible_user=deploy
http_port = 80
[all:vars]
ansible_port="2222"
[everything:children]
shop
[cache]
cache-[a:b]
"""


def test_an_inventory_is_hosts_in_groups_with_what_holds_for_them() -> None:
    assert shown(INVENTORY) == [
        ("lonely.example", "ssh://lonely.example", ()),
        ("shop01.example", "ssh://deploy@shop01.example:2222", ("shop",)),
        ("shop02.example", "ssh://deploy@shop02.example:2222", ("shop",)),
        ("shop03.example", "ssh://deploy@shop03.example:2222", ("shop",)),
        ("db", "ssh://root@10.0.0.9:2200", ("shop",)),
        ("jumped", "ssh://deploy@jumped:2222", ("shop",)),
        ("here", "local:", ("shop",)),
        ("windows", "ssh://deploy@windows:2222", ("shop",)),
        ("plain", "ssh://10.0.0.10", ("shop", "big")),
        ("cache-a", "ssh://cache-a:2222", ("cache",)),
        ("cache-b", "ssh://cache-b:2222", ("cache",)),
    ]
    remarks = {one.server.name: one.remark for one in read(INVENTORY) if one.server}
    assert "~/.ssh/config" in remarks["jumped"]
    assert "password" in remarks["jumped"]
    assert "winrm" in remarks["windows"]
    assert remarks["db"] == ""
    assert "hunter2" not in repr(read(INVENTORY))


def test_an_option_in_disguise_is_no_user() -> None:
    (one,) = read("db ansible_user=-oProxyCommand=x")
    assert one.server is None


@pytest.mark.parametrize(
    ("text", "begun"),
    [
        ("[web]", Section("web")),
        ("[web:vars]", Section("web", "vars")),
        ("[web:children]", Section("web", "children")),
        ("[web:hosts]", Section("web")),
        ("[::1]", None),
        ("[fe80::1]:22", None),
        ("web[1:3]", None),
    ],
)
def test_sections_are_told_from_addresses(text: str, begun: Section | None) -> None:
    assert section(text) == begun


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("web[1:3]", ["web1", "web2", "web3"]),
        ("web[08:10].x", ["web08.x", "web09.x", "web10.x"]),
        ("web[1:9:4]", ["web1", "web5", "web9"]),
        ("[a:c]", ["a", "b", "c"]),
        ("[A:B]-[1:2]", ["A-1", "A-2", "B-1", "B-2"]),
        ("web[3:1]", ["web[3:1]"]),
        ("web1:2222", ["web1"]),
        ("web[1:x]", ["web[1:x]"]),
        ("web[1:3:0]", ["web1", "web2", "web3"]),
    ],
)
def test_ranges_of_names_are_spelled_out(name: str, names: list[str]) -> None:
    assert [draft.name for draft in drafts(name, "", Variables())] == names
