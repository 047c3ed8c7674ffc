"""Why something cannot be moved; said at the command line, never on the wire."""


class CannotMove(Exception):
    """The backup or the installation is not as it must be."""


class Differs(CannotMove):
    """What arrived is not what was sent."""
