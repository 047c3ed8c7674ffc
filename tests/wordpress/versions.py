"""Which WordPress a test runs on; tests of one version share a process and its site."""

import pytest


def on(*versions: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "version",
        [
            pytest.param(each, marks=pytest.mark.xdist_group(f"wordpress-{each}"))
            for each in versions
        ],
    )


#: The newest moves on its own: its run informs and never stands in the way.
INFORMS = pytest.mark.parametrize(
    "version",
    [
        pytest.param(
            "newest",
            marks=[
                pytest.mark.xdist_group("wordpress-6.8"),
                pytest.mark.xfail(reason="the newest WordPress only informs", strict=False),
            ],
        )
    ],
)
