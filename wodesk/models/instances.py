"""What instances of a context are called, by the ids that Netdata gives them."""

from __future__ import annotations

from collections.abc import Sequence


def short_names(context: str, instances: Sequence[str]) -> dict[str, str]:
    """The part of each id that tells it from the others.

    An id is `type.name`.  What the kernel tells has the instance in its name (`net.eth0`,
    `disk_space./`), and what a collector tells has it in its type (`phpfpm_shop.performance`).
    """
    parts = {id: id.partition(".")[::2] for id in instances}
    types = {type for type, _ in parts.values()}
    names = {name for _, name in parts.values()}
    section, kernels = context.partition(".")[0] + "_", context.replace(".", "_")
    are_jobs = all(one.startswith(section) and one != kernels for one in types)
    if len(names) == 1 and are_jobs:
        return {id: type.removeprefix(section) or id for id, (type, _) in parts.items()}
    if len(types) == 1:
        return {id: name or id for id, (_, name) in parts.items()}
    if are_jobs:
        return {id: id.removeprefix(section) for id in instances}
    return {id: id for id in instances}
