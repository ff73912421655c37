"""Tables of servers with a header, as spreadsheets save them."""

from __future__ import annotations

import re

from msgspec import Struct

from wodesk.models.candidate import Draft
from wodesk.models.words import cells_of, delimiter_of

_MEANINGS = {
    "name": "name alias label title description inventory_hostname servername",
    "address": "address addr host hostname host_name fqdn ip ipaddress ip_address ipv4 public_ip "
    "server domain site url uri ansible_host",
    "user": "user username user_name login ssh_user ansible_user",
    "port": "port ssh_port ansible_port",
    "tags": "tags tag group groups labels category environment env",
    "password": "password pass passwd secret token",
}
_OF_WORD = {word: meaning for meaning, words in _MEANINGS.items() for word in words.split()}


class Columns(Struct, frozen=True):
    """What the cells of each line mean."""

    delimiter: str
    meanings: tuple[str, ...]

    def draft(self, text: str) -> Draft:
        """What a line of the table says."""
        cells = cells_of(text, self.delimiter) if self.delimiter else [text]
        said: dict[str, str] = {}
        for meaning, cell in zip(self.meanings, cells, strict=False):
            if cell:
                said[meaning] = f"{said[meaning]} {cell}" if meaning == "tags" in said else cell
        remark = "Its password was left out: wodesk asks for it." if "password" in said else ""
        return Draft(
            address=said.get("address", ""),
            name=said.get("name", ""),
            user=said.get("user", ""),
            port=said.get("port", ""),
            tags=tuple(re.split(r"[\s,;|]+", said.get("tags", ""))),
            remark=remark,
        )


def columns_of(text: str) -> Columns | None:
    """The columns that a header names; None if this is no header."""
    delimiter = delimiter_of(text)
    cells = cells_of(text, delimiter) if delimiter else [text]
    words = [re.sub(r"\W+", "_", cell.casefold()).strip("_") for cell in cells]
    meanings = [_OF_WORD.get(word, "") for word in words]
    if "address" not in meanings or (len(cells) > 1 and sum(map(bool, meanings)) * 2 < len(cells)):
        return None
    addresses = [place for place, meaning in enumerate(meanings) if meaning == "address"]
    if len(addresses) > 1:
        # With `hostname,ip` the first one is what people call it.
        kept = addresses[-1]
        for place in addresses:
            meanings[place] = "address" if place == kept else ""
        if "name" not in meanings:
            meanings[addresses[0]] = "name"
    return Columns(delimiter, tuple(meanings))
