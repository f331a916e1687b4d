"""Are the trees those of RFC 6962, and does a path prove its entry and nothing else?"""

import pytest

from app.kit.merkle import path_of, root_by_path, root_of

# The inputs and roots of Certificate Transparency's own reference tests.
INPUTS = [
    bytes.fromhex(one)
    for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)  # fmt: skip


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_roots_are_the_reference_ones(size: int) -> None:
    assert root_of(INPUTS[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 21, 64, 100])
def test_every_entry_has_its_path(size: int) -> None:
    entries = [bytes([number]) for number in range(size)]
    root = root_of(entries)
    for index, entry in enumerate(entries):
        path = path_of(entries, index)
        assert root_by_path(entry, index, size, path) == root
        assert root_by_path(b"other", index, size, path) != root
        if size > 1:
            assert root_by_path(entry, (index + 1) % size, size, _of_length(entries, (index + 1) % size, path)) != root


def _of_length(entries: list[bytes], index: int, path: list[bytes]) -> list[bytes]:
    """The path, as long as another entry's has to be."""
    wanted = len(path_of(entries, index))
    return (path + [b"x" * 32] * wanted)[:wanted]


@pytest.mark.parametrize(
    ("index", "size", "path"), [(-1, 2, [b""]), (2, 2, [b""]), (0, 2, []), (0, 1, [b""]), (0, 0, [])]
)
def test_what_no_tree_has_is_refused(index: int, size: int, path: list[bytes]) -> None:
    with pytest.raises(ValueError, match=r"place|path"):
        root_by_path(b"", index, size, path)
