"""Proof of work: what filing costs somebody nobody vouches for."""
