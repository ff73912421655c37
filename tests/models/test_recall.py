"""What was explored, by names alone."""

from __future__ import annotations

from msgspec.structs import replace

from wodesk.models.catalogue import Catalogue
from wodesk.models.exploration import MOST_SHOWN, Exploration
from wodesk.models.explored import BY_DIMENSION, BY_INSTANCE, Filters
from wodesk.models.metric import Context
from wodesk.models.recall import Kept, Recall, recall_of, recalled

DISK = Context("disk.io", "KiB/s", dimensions=("reads", "writes"), instances=("vda", "vdb"))
CPU = Context("system.cpu", "%", dimensions=("user", "system"), instances=("system.cpu",))
BOTH = Catalogue((CPU, DISK))
CHOSEN = Exploration().toggled(CPU).toggled(DISK).regrouped(BY_DIMENSION, Filters(("reads",)))


def test_what_is_recalled_is_what_was_kept() -> None:
    assert recalled(recall_of(CHOSEN), BOTH, Exploration()) == CHOSEN
    assert recalled(Recall(), BOTH, CHOSEN) == Exploration()


def test_what_the_catalogue_has_no_more_is_left_out() -> None:
    again = recalled(recall_of(CHOSEN), Catalogue((CPU,)), Exploration())
    assert again.ids == {CPU.id}
    assert again.current == CPU.id
    other = replace(DISK, dimensions=("writes",), instances=())
    kept = Recall((Kept(DISK.id, BY_INSTANCE, Filters(("reads",), ("vda",))),), "gone")
    (chosen,) = recalled(kept, Catalogue((other,)), Exploration()).shown
    assert chosen.filters == Filters()
    assert chosen.grouping == BY_DIMENSION


def test_one_that_is_named_alone_looks_as_it_did() -> None:
    assert recalled(Recall.of_one(DISK.id), BOTH, CHOSEN).shown == CHOSEN.shown[1:]
    (fresh,) = recalled(Recall.of_one(DISK.id), BOTH, Exploration()).shown
    assert fresh.grouping == BY_INSTANCE


def test_no_more_is_recalled_than_there_is_room_for_and_each_once() -> None:
    contexts = tuple(Context(f"a.b{number}", "x") for number in range(2 * MOST_SHOWN))
    many = Recall(tuple(Kept(one.id) for one in (contexts[0], *contexts)))
    shown = recalled(many, Catalogue(contexts), Exploration()).shown
    assert len(shown) == MOST_SHOWN - 1
