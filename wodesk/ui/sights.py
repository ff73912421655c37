"""What the charts on screen show."""

from __future__ import annotations

import math
from collections.abc import Iterable

from wodesk.models.views import ends_of
from wodesk.ui.card import Card
from wodesk.ui.looking import Looking
from wodesk.ui.names import server_name
from wodesk.ui.sight import Sight
from wodesk.ui.store import Store


def sight_of(card: Card, store: Store, looking: Looking) -> Sight | None:
    """What a card shows; None before there is anything."""
    series, picture, window = card.series(), card.picture(), card.window_shown
    if series is None or picture is None:
        return None
    # A live one ends with a whole second, as all samples do.
    start, end = ends_of(window, math.floor(looking.now()))
    return Sight(
        server=card.server,
        name=server_name(store, card.server),
        spec=card.spec,
        series=series,
        picture=picture,
        start=start,
        end=end,
        is_live=window.is_live,
        zone=looking.zone,
        marks=card.marks,
    )


def sights_of(cards: Iterable[Card], store: Store, looking: Looking) -> tuple[Sight, ...]:
    """What those of the cards show that show anything."""
    every = (sight_of(card, store, looking) for card in cards)
    return tuple(sight for sight in every if sight is not None)
