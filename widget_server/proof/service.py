"""A puzzle for a machine, not a person: cheap once, dear a thousand times.

ALTCHA's protocol: find the number whose hash with the salt is the challenge. The salt, signed with
it, says for whose session it is and when it was made, so nothing is stored until it is used.
"""

import hashlib
import hmac
from datetime import timedelta
from math import ceil
from typing import Any, Literal
from urllib.parse import parse_qs

from ..clock import stamp, utcnow
from ..database import insert
from ..errors import Invalid, RateLimited
from ..identity.service import Caller
from ..jobs import handler
from .models import UsedProof

ALGORITHM: Literal["SHA-256"] = "SHA-256"

#: Seconds a challenge may be solved and used: longer than most people write.
LIFE = 1_200


class ProofRequired(Invalid):
    code = "proof_required"
    message = "A visitor's request needs a solved challenge, used for nothing else."


class ProofExpired(Invalid):
    code, message = "proof_expired", "This challenge is too old. Solve another."


class Proofs:
    """Makes challenges and judges their solutions.

    ``cost``: the largest number to try. ``patience``: seconds a form is open before it is filed,
    which no person is faster than. The first of ``secrets`` signs, all verify.
    """

    def __init__(self, secrets: list[str], cost: int, patience: int) -> None:
        self._keys = [
            hmac.new(key.encode(), b"ventanilla:proof:1", hashlib.sha256).hexdigest()
            for key in secrets
        ]
        self.cost, self.patience = cost, patience

    def challenge(self, caller: Caller) -> dict[str, Any]:
        """Return a new challenge for one session, and ``wait``, the seconds before it is taken."""
        from altcha import v1 as altcha  # It brings argon2, and only visitors solve puzzles.

        now = utcnow()
        made = altcha.create_challenge(
            altcha.ChallengeOptions(
                algorithm=ALGORITHM,
                max_number=self.cost,
                hmac_key=self._keys[0],
                expires=now + timedelta(seconds=LIFE),
                params={"issued": f"{now.timestamp():.3f}", "for": caller.session_id},
            )
        )
        return {
            "algorithm": made.algorithm,
            "challenge": made.challenge,
            "salt": made.salt,
            "signature": made.signature,
            "maxnumber": made.max_number,
            "wait": self.patience,
            "expires_at": stamp(now, seconds=LIFE),
        }

    def spend(self, caller: Caller, proof: dict[str, Any] | None) -> None:
        """Use a solution up, in the transaction of what it is for.

        Raises :exc:`ProofRequired`, :exc:`ProofExpired`, or :exc:`~.errors.RateLimited` when the
        form was filled in faster than a person can.
        """
        if proof is None:
            raise ProofRequired()
        from altcha import v1 as altcha

        solution = altcha.Payload(ALGORITHM, **proof)
        if not any(altcha.verify_solution(solution, key, False)[0] for key in self._keys):
            raise ProofRequired()
        told = parse_qs(proof["salt"].partition("?")[2])
        if told["for"] != [caller.session_id]:
            raise ProofRequired()
        now, issued = utcnow().timestamp(), float(told["issued"][0])
        if now > int(told["expires"][0]):
            raise ProofExpired()
        if now < issued + self.patience:
            raise RateLimited(retry_after=ceil(issued + self.patience - now))
        fresh = insert(
            UsedProof,
            or_ignore=True,
            site_id=caller.site_id,
            challenge=proof["challenge"],
            expires_at=stamp(seconds=LIFE),
        )
        if not fresh:
            raise ProofRequired()


@handler("proof.sweep", every=3_600)
def sweep() -> None:
    """Forget used proofs that have expired since."""
    UsedProof.delete().where(UsedProof.expires_at < stamp()).execute()
