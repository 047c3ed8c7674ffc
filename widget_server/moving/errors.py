"""Why something cannot be moved.

VentanillaError
└── CannotMove        409  the backup or the installation is not as it must be
    └── Differs       409  what arrived is not what was sent
"""

from ..errors import Conflict


class CannotMove(Conflict):
    code, message = "cannot_move", "This cannot be moved."


class Differs(CannotMove):
    code, message = "differs", "What arrived differs from what was sent."
